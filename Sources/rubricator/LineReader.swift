import Glibc

/// The lines of a file as they are needed: memory holds one of them, however long the file is.
struct LineReader: ~Copyable {
    private let descriptor: Int32
    private let name: String
    private var buffer: [UInt8] = []
    private var next = 0
    private var atEnd = false
    private static let partSize = 1 << 18

    /// Opens a file, or standard input for "-".
    ///
    /// - Throws: ``InputError`` with the system's reason.
    init(file: String) throws {
        name = file
        descriptor = unsafe file == "-" ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputError(file: file, errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// The next line without its end; `nil` after the last.
    mutating func line() throws -> [UInt8]? {
        var searched = next
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { next = end + 1 }
                return Array(buffer[next..<end])
            }
            searched = buffer.count
            guard !atEnd else {
                defer { next = buffer.count }
                return next < buffer.count ? Array(buffer[next...]) : nil
            }
            buffer.removeFirst(next)
            searched -= next
            next = 0
            try readPart()
        }
    }

    /// Everything that is left.
    mutating func rest() throws -> [UInt8] {
        while !atEnd { try readPart() }
        defer { next = buffer.count }
        return Array(buffer[next...])
    }

    private mutating func readPart() throws {
        let count = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: Self.partSize))
        var got = -1
        repeat {
            got = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe read(descriptor, bytes.baseAddress?.advanced(by: count), Self.partSize)
            }
        } while got < 0 && errno == EINTR
        let problem = errno
        buffer.removeLast(Self.partSize - max(0, got))
        guard got >= 0 else { throw InputError(file: name, problem) }
        atEnd = got == 0
    }
}
