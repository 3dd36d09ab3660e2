import Glibc

/// What went wrong with a connection.
public struct SocketError: Error, CustomStringConvertible, Equatable {
    /// The system call, or what was being read.
    public let call: String
    /// Its `errno`; 0 where the connection was closed.
    public let code: Int32

    /// The other side closed the connection before all was read.
    public var isClosure: Bool { code == 0 || code == ECONNRESET || code == EPIPE }
    /// Nothing came in time.
    public var isTimeout: Bool { code == EAGAIN }

    /// The call and the system's words for the error.
    public var description: String {
        guard code != 0 else { return "\(call): the connection was closed" }
        return "\(call): \(unsafe String(cString: strerror(code)))"
    }
}
