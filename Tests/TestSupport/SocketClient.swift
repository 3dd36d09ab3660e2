import Glibc

/// A connection to a server on this machine, for requests that well-behaved HTTP clients never send.
///
/// All calls block: use the client within ``onOwnThread(_:)``.
public final class SocketClient {
    private let descriptor: Int32
    private var received: [UInt8] = []
    private var open = true

    /// Connects to a server.
    ///
    /// - Parameters:
    ///   - port: The port on 127.0.0.1.
    ///   - timeout: The number of seconds that sending or receiving may take without progress.
    /// - Throws: ``SocketError`` if the connection fails.
    public init(port: Int, timeout: Int = 30) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError(call: "socket", code: errno) }
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var enabled: Int32 = 1
        unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &enabled, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // The object is fully initialised here, so if this throws, `deinit` closes the descriptor.
        guard status == 0 else { throw SocketError(call: "connect", code: errno) }
    }

    deinit { close() }

    /// Sends all bytes.
    ///
    /// - Throws: ``SocketError``; `isClosure` is true if the server has closed the connection.
    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes { rest in
                unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw SocketError(call: "send", code: errno) }
            sent += count
        }
    }

    /// Sends a text as UTF-8.
    ///
    /// - Throws: ``SocketError`` if sending fails.
    public func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Closes the sending half of the connection. Receiving remains possible.
    public func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Waits for the given time.
    public func pause(milliseconds: UInt32) { usleep(milliseconds * 1_000) }

    /// Closes the connection.
    public func close() {
        guard open else { return }
        open = false
        Glibc.close(descriptor)
    }

    /// Breaks the connection off as a crash or a cut cable would, and discards all data in transit.
    public func reset() {
        var abort = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Reads one response and skips interim ones. Bytes after the response are kept for the next call.
    ///
    /// - Parameter hasBody: Whether the response has a body. Pass false for a response to HEAD.
    /// - Returns: The response.
    /// - Throws: ``SocketError`` if receiving fails or the response is malformed.
    public func receive(hasBody: Bool = true) throws -> HTTPAnswer {
        var answer = try receiveHead()
        guard hasBody else { return answer }
        if answer[field: "transfer-encoding"] == "chunked" {
            while let chunk = try receiveChunk() { answer.body += chunk }
        } else {
            let length = answer[field: "content-length"].flatMap { Int($0) } ?? 0
            answer.body = try receive(count: length, "a body")
        }
        return answer
    }

    /// Reads the head of one response and skips interim ones.
    ///
    /// - Throws: ``SocketError`` if receiving fails or the head is malformed.
    public func receiveHead() throws -> HTTPAnswer {
        let blank = Array("\r\n\r\n".utf8)
        var searched = 0
        var end: Int?
        while end == nil {
            end = received.indices.dropFirst(searched).first { received[$0...].starts(with: blank) }
            searched = max(0, received.count - 3)
            if end == nil { try receiveMore("the head of an answer") }
        }
        guard let end, let head = HTTPAnswer.head(String(decoding: received[..<end], as: UTF8.self)) else {
            throw SocketError(call: "not an HTTP response: \(String(decoding: received, as: UTF8.self))", code: EPROTO)
        }
        received.removeFirst(end + blank.count)
        guard head.status >= 200 else { return try receiveHead() }
        return HTTPAnswer(version: head.version, status: head.status, fields: head.fields, body: [])
    }

    /// Reads one chunk of the chunked transfer coding (RFC 9112, section 7.1). Returns `nil` for the last chunk.
    ///
    /// - Throws: ``SocketError`` if receiving fails or the chunk is malformed.
    public func receiveChunk() throws -> [UInt8]? {
        let end = [UInt8]("\r\n".utf8)
        var line: [UInt8] = []
        while !line.reversed().starts(with: end.reversed()) { line += try receive(count: 1, "a chunk's size") }
        guard let size = Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16) else {
            throw SocketError(call: "not a chunk size: \(line)", code: EPROTO)
        }
        let chunk = try receive(count: size + 2, "a chunk")
        return size == 0 ? nil : Array(chunk.dropLast(2))
    }

    private func receive(count: Int, _ what: String) throws -> [UInt8] {
        while received.count < count { try receiveMore(what) }
        defer { received.removeFirst(count) }
        return Array(received.prefix(count))
    }

    /// Waits until the server closes the connection.
    ///
    /// - Returns: The bytes that the server sent before.
    /// - Throws: ``SocketError``; `isTimeout` is true if the server does not close the connection in time.
    public func receiveToEnd() throws -> [UInt8] {
        while true {
            do {
                try receiveMore("the end")
            } catch let error as SocketError where error.isClosure {
                defer { received = [] }
                return received
            }
        }
    }

    private func receiveMore(_ what: String) throws {
        let room = 65_536
        var status = 0
        let part = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            status = unsafe recv(descriptor, buffer.baseAddress, room, 0)
            count = max(0, status)
        }
        guard status > 0 else { throw SocketError(call: what, code: status == 0 ? 0 : errno) }
        received += part
    }
}
