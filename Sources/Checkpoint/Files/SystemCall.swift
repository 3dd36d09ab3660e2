#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What the operating system says about files, in words.
enum SystemCall {
    /// What lies at a path.
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

    /// The text of an error number, such as "Permission denied".
    static func reason(_ code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }

    /// What lies at `path`, symbolic links followed; `nil` for nothing.
    static func kind(of path: String) -> Kind? {
        var status = stat()
        guard !path.utf8.contains(0), unsafe stat(path, &status) == 0 else { return nil }
        return Kind(mode: status.st_mode)
    }
}
