import Checkpoint
import FoundationEssentials
import Glibc

/// An append-only file with the events of a search, one JSON object on each line.
///
/// A line is on disk before the search continues. An incomplete last line is removed when the journal is opened.
package final class TuningJournal {
    /// Path of the file.
    let path: String
    private let descriptor: Int32

    /// Opens a journal, or creates an empty one.
    ///
    /// - Parameter path: The path of the file, in an existing directory.
    /// - Returns: The journal and its events.
    /// - Throws: ``ExperimentError/output(_:)`` if the file cannot be opened or a line is not valid.
    package static func open(_ path: String) throws(ExperimentError) -> (TuningJournal, [TuningEvent]) {
        let journal = try TuningJournal(path)
        return (journal, try journal.read())
    }

    private init(_ path: String) throws(ExperimentError) {
        self.path = path
        descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .output("\(path) cannot be opened: \(FileFailure.reason(errno)).") }
    }

    deinit { close(descriptor) }

    private func read() throws(ExperimentError) -> [TuningEvent] {
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .output("\(path) cannot be read: \(FileFailure.reason(error)).")
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let complete = bytes.count - (lines.last?.count ?? 0)
        if complete < bytes.count, ftruncate(descriptor, off_t(complete)) != 0 {
            throw .output("the last line of \(path) is incomplete and cannot be removed: \(FileFailure.reason(errno)).")
        }
        var events: [TuningEvent] = []
        for (index, line) in lines.dropLast().enumerated() {
            guard let event = try? JSONDecoder().decode(TuningEvent.self, from: Data(line)) else {
                throw .output(
                    "\(path), line \(index + 1) is not a valid event: it is damaged or was written by another version of this program. Delete this line and all after it, or start again in another --out."
                )
            }
            events.append(event)
        }
        return events
    }

    /// Appends an event and waits until it is on disk.
    package func append(_ event: TuningEvent) throws(ExperimentError) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var rest = (Array(try encoder.encode(event)) + [UInt8(ascii: "\n")])[...]
            while !rest.isEmpty {
                let written = unsafe rest.withUnsafeBytes { buffer in
                    unsafe write(descriptor, buffer.baseAddress, buffer.count)
                }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else {
                    throw ExperimentError.output("\(path) cannot be written: \(FileFailure.reason(errno)).")
                }
                rest = rest.dropFirst(written)
            }
            guard fsync(descriptor) == 0 else {
                throw ExperimentError.output("\(path) cannot be written: \(FileFailure.reason(errno)).")
            }
        } catch let error as ExperimentError {
            throw error
        } catch {
            throw .output("\(path) cannot be written: \(FileFailure.reason(error)).")
        }
    }
}
