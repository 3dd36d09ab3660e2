import Foundation
import Glibc
import Serving
import Testing

@Suite("The writer of the log")
struct LogWriterTests {
    /// A pipe of one page.
    private struct Pipe {
        let (reading, writing): (Int32, Int32)

        init() throws {
            var ends: [Int32] = [0, 0]
            try #require(unsafe pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
            try #require(fcntl(writing, 1031, 4_096) >= 0, "F_SETPIPE_SZ")
        }

        func read(_ count: Int) -> String {
            var bytes = [UInt8](repeating: 0, count: count)
            let received = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(reading, $0.baseAddress, count) }
            return String(decoding: bytes.prefix(max(0, received)), as: UTF8.self)
        }
    }

    @Test("Lines arrive in order, and flush waits for them")
    func order() async throws {
        let pipe = try Pipe()
        let writer = LogWriter(to: pipe.writing) { _ in [] }
        for index in 0..<100 { writer.write(Array("line \(index)\n".utf8)) }
        await writer.flush(within: .seconds(10))
        #expect(pipe.read(4_096) == (0..<100).map { "line \($0)\n" }.joined())
        #expect(writer.droppedLines == 0)
    }

    @Test("If nobody reads, lines are dropped without waiting, counted, and reported once somebody reads")
    func stalledReader() async throws {
        let pipe = try Pipe()
        let writer = LogWriter(to: pipe.writing, capacity: 1_000) { count in Array("dropped \(count)\n".utf8) }
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 99) + [UInt8(ascii: "\n")]
        for _ in 0..<200 { writer.write(line) }
        // The pipe holds 4,096 bytes and the buffer 1,000, so most of the 20,000 bytes were dropped.
        #expect(writer.droppedLines > 100)
        await writer.flush(within: .milliseconds(100))
        var text = ""
        while !text.contains("dropped") { text += pipe.read(4_096) }
        #expect(text.contains("dropped \(writer.droppedLines)\n"))
    }

    @Test("A reader that is gone costs nothing")
    func absentReader() async throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = try Pipe()
        close(pipe.reading)
        let writer = LogWriter(to: pipe.writing) { _ in [] }
        for _ in 0..<100 { writer.write(Array("line\n".utf8)) }
        await writer.flush(within: .seconds(10))
    }
}
