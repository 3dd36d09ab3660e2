#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The operating system's statements about files, in words.
enum SystemCall {
    /// The type of a file system entry.
    enum Kind: String {
        case regularFile = "a regular file"
        case directory = "a directory"
        case pipe = "a pipe"
        case socket = "a socket"
        case device = "a device"
        case other = "something that is not a file"

        init(mode: mode_t) {
            switch mode & S_IFMT {
            case S_IFREG: self = .regularFile
            case S_IFDIR: self = .directory
            case S_IFIFO: self = .pipe
            case S_IFSOCK: self = .socket
            case S_IFCHR, S_IFBLK: self = .device
            default: self = .other
            }
        }
    }

    /// Returns the text of an error number, such as "Permission denied".
    static func reason(_ code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }

    /// Returns the type of the entry at `path`, following symbolic links, or `nil` if there is none.
    static func kind(of path: String) -> Kind? {
        var status = stat()
        guard !path.utf8.contains(0), unsafe stat(path, &status) == 0 else { return nil }
        return Kind(mode: status.st_mode)
    }
}
