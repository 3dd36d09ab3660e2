import Checkpoint
import FoundationEssentials
import Glibc
import MLflow

/// Functions that place files among the artifacts of a folder.
enum FileCopy {
    private static let partSize = 1 << 20

    /// Creates a hard link to a file, or a copy if the file system does not support links.
    ///
    /// This program replaces files and never changes them in place, so a link keeps its content.
    static func place(_ source: String, at path: String) throws(MLflowError) {
        try makeDirectory(of: path)
        let temporary = "\(path).\(RunKey.random()).tmp"
        if unsafe link(source, temporary) == 0 {
            guard unsafe rename(temporary, path) == 0 else {
                throw .file(path: path, reason: FileFailure.reason(errno))
            }
            // If both names already refer to the same file, rename does nothing and the temporary name remains.
            unsafe unlink(temporary)
            return
        }
        let descriptor = unsafe Glibc.open(source, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: source, reason: FileFailure.reason(errno)) }
        defer { close(descriptor) }
        do {
            var file = try ReplacementFile(for: path)
            while true {
                var failure: Int32 = 0
                let part = unsafe [UInt8](unsafeUninitializedCapacity: partSize) { buffer, count in
                    let result = unsafe read(descriptor, buffer.baseAddress, buffer.count)
                    if result < 0 { failure = errno }
                    count = max(0, result)
                }
                guard failure == 0 else {
                    throw MLflowError.file(path: source, reason: FileFailure.reason(failure))
                }
                if part.isEmpty { break }
                try file.write(part)
            }
            try file.commit()
        } catch let error as MLflowError {
            throw error
        } catch {
            throw .file(path: path, reason: FileFailure.reason(error))
        }
    }

    /// Writes a file, replacing an existing one only when the new one is complete.
    static func write(_ bytes: [UInt8], to path: String) throws(MLflowError) {
        try makeDirectory(of: path)
        do {
            var file = try ReplacementFile(for: path)
            try file.write(bytes)
            try file.commit()
        } catch {
            throw .file(path: path, reason: FileFailure.reason(error))
        }
    }

    private static func makeDirectory(of path: String) throws(MLflowError) {
        let directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw .file(path: directory, reason: "creating the directory failed: \(FileFailure.reason(error))")
        }
    }
}
