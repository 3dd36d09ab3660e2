/// How a file is cut into parts, and which of them the storage has.
package struct MultipartUpload: Sendable {
    /// When files go in parts.
    package struct Settings: Sendable {
        /// In bytes. MLflow's own client does so from 500 MB on.
        package var smallestFile = 500 << 20
        /// In bytes; S3 takes parts from 5 MiB to 5 GiB.
        package var partSize = 64 << 20
        /// When a part is tried again.
        package var retries = RetryPolicy(attempts: 4)
    }

    /// The bytes of each part.
    package let parts: [Range<Int>]
    /// The parts that the storage has, by number.
    package private(set) var done: [(number: Int, tag: String, url: String)] = []

    /// S3's limit.
    package static let mostParts = 10_000

    package init(size: Int, partSize: Int) {
        let partSize = max(1, partSize, (size + Self.mostParts - 1) / Self.mostParts)
        parts = stride(from: 0, to: max(1, size), by: partSize).map { $0..<min($0 + partSize, size) }
    }

    /// A part, from 1, has arrived.
    package mutating func sent(_ number: Int, tag: String, url: String) {
        done.append((number, tag, url))
        done.sort { $0.number < $1.number }
    }
}
