import Glibc
import JSON

/// The lines of a file, read one at a time: memory holds only one of them.
struct LineReader: ~Copyable {
    private let descriptor: Int32
    private let name: String
    private var buffer = LineBuffer()
    private var part = [UInt8](repeating: 0, count: 1 << 18)
    private var atEnd = false

    /// Opens a file, or standard input for "-".
    ///
    /// - Throws: ``InputError`` with the reason of the system.
    init(file: String) throws {
        name = file
        descriptor = unsafe file == "-" ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputError(file: file, errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// The next line without its line break; `nil` after the last.
    mutating func line() throws -> [UInt8]? {
        while true {
            if let line = buffer.line() { return line }
            guard !atEnd else { return buffer.count > 0 ? buffer.rest() : nil }
            try readPart()
        }
    }

    /// The rest of the file.
    mutating func rest() throws -> [UInt8] {
        while !atEnd { try readPart() }
        return buffer.rest()
    }

    private mutating func readPart() throws {
        var got = -1
        repeat {
            got = unsafe part.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        } while got < 0 && errno == EINTR
        guard got >= 0 else { throw InputError(file: name, errno) }
        atEnd = got == 0
        buffer.append(part[..<got])
    }
}
