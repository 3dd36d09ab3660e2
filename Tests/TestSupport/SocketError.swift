import Glibc

/// An error on a connection to a server.
public struct SocketError: Error, CustomStringConvertible, Equatable {
    /// The system call that failed, or the part of the response that was being read.
    public let call: String
    /// The `errno` of the call, or 0 if the connection was closed.
    public let code: Int32

    /// Whether the other side closed the connection too early.
    public var isClosure: Bool { code == 0 || code == ECONNRESET || code == EPIPE }
    /// Whether nothing arrived before the timeout.
    public var isTimeout: Bool { code == EAGAIN }

    /// The call and the operating system's description of the error.
    public var description: String {
        guard code != 0 else { return "\(call): the connection was closed" }
        return "\(call): \(unsafe String(cString: strerror(code)))"
    }
}
