import ArgumentParser
import Console
import Glibc

struct Health: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check whether a service on this machine is ready (exit code 0). For container health checks.")

    @Option(help: "Port of the service (default: 8080; environment: RUBRICATOR_PORT).")
    var port: Int?

    @Option(help: "Seconds to wait for the response.")
    var timeout = 2

    func run() throws {
        let port = try Environment().resolve(port, "port") ?? 8080
        guard let bits = UInt16(exactly: port), bits > 0 else {
            throw ValidationError("--port is \(port); expected a whole number from 1 to 65535.")
        }
        guard let status = answer(port: bits) else {
            Terminal.complain("port \(port): no response. Check that the service is running and listens on this port.")
            throw ExitCode.failure
        }
        Terminal.print(line: status)
        if !status.contains(" 200 ") { throw ExitCode.failure }
    }

    /// The first line of the response.
    private func answer(port: UInt16) -> String? {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard connection >= 0 else { return nil }
        defer { close(connection) }
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(connection, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard connected else { return nil }
        let request = Array("GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        let sent = unsafe request.withUnsafeBytes { unsafe send(connection, $0.baseAddress, $0.count, 0) }
        guard sent == request.count else { return nil }
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(connection, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return nil }
        let lines = String(decoding: buffer[..<count], as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.first.map(String.init)
    }
}
