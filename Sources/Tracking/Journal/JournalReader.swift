import Checkpoint
import Glibc
import JSON

/// A reader of a journal from a given offset up to the last complete line. The journal may still be growing.
package struct JournalReader: Sendable {
    /// An entry with the offset of the end of its line.
    package struct Record: Sendable, Equatable {
        package var entry: JournalEntry
        package var end: Int

        package init(entry: JournalEntry, end: Int) {
            self.entry = entry
            self.end = end
        }
    }

    let path: String
    /// The offset of the end of the last line that was read.
    package private(set) var offset: Int
    private var lines = LineBuffer()
    /// The offset of the end of the bytes in ``lines``.
    private var read: Int

    private static let partSize = 1 << 18

    package init(path: String, offset: Int = 0) {
        self.path = path
        self.offset = offset
        read = offset
    }

    /// Returns whether `offset` is the beginning of the journal or the end of a line.
    static func isLineEnd(_ offset: Int, of path: String) throws(TrackingError) -> Bool {
        guard offset > 0 else { return offset == 0 }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .journal(path: path, reason: FileFailure.reason(errno)) }
        defer { close(descriptor) }
        var byte: UInt8 = 0
        return unsafe pread(descriptor, &byte, 1, off_t(offset - 1)) == 1 && byte == UInt8(ascii: "\n")
    }

    /// Waits until the current content of a journal is on disk.
    static func synchronise(_ path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Returns the next entry, or `nil` if no further line is complete yet.
    ///
    /// - Throws: ``TrackingError/journal(path:reason:)`` if a line is not an entry.
    package mutating func next() throws(TrackingError) -> Record? {
        while true {
            if let line = lines.line() {
                do {
                    let end = offset + line.count + 1
                    let entry = try JournalEntry(line: line)
                    offset = end
                    return Record(entry: entry, end: end)
                } catch {
                    throw .journal(path: path, reason: "the line at byte \(offset) is damaged (\(error.reason))")
                }
            }
            guard try fill() else { return nil }
        }
    }

    /// Reads the next part of the file; returns whether there was anything to read.
    private mutating func fill() throws(TrackingError) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .journal(path: path, reason: FileFailure.reason(errno)) }
        defer { close(descriptor) }
        let start = read
        var failure: Int32 = 0
        let part = unsafe [UInt8](unsafeUninitializedCapacity: Self.partSize) { buffer, count in
            let result = unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(start))
            if result < 0 { failure = errno }
            count = max(0, result)
        }
        guard failure == 0 else { throw .journal(path: path, reason: FileFailure.reason(failure)) }
        lines.append(part)
        read += part.count
        return !part.isEmpty
    }
}
