/// The state of an upload in parts: the byte ranges of the parts, and the parts already stored.
package struct MultipartUpload: Sendable {
    /// Settings for uploads in parts.
    package struct Settings: Sendable {
        /// Size in bytes from which a file is uploaded in parts; MLflow's own client does so from 500 MB.
        package var smallestFile = 500 << 20
        /// Size of a part in bytes; S3 accepts 5 MiB to 5 GiB.
        package var partSize = 64 << 20
        /// Retry policy for each part.
        package var retries = RetryPolicy(attempts: 4)
    }

    /// Byte ranges of the parts.
    package let parts: [Range<Int>]
    /// Parts already stored, sorted by number.
    package private(set) var done: [(number: Int, tag: String, url: String)] = []

    /// The largest number of parts, S3's limit.
    package static let mostParts = 10_000

    package init(size: Int, partSize: Int) {
        let partSize = max(1, partSize, (size + Self.mostParts - 1) / Self.mostParts)
        parts = stride(from: 0, to: max(1, size), by: partSize).map { $0..<min($0 + partSize, size) }
    }

    /// Records that a part is stored; numbers start at 1.
    package mutating func sent(_ number: Int, tag: String, url: String) {
        done.append((number, tag, url))
        done.sort { $0.number < $1.number }
    }
}
