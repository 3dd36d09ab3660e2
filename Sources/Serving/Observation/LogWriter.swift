internal import Glibc
internal import NIOPosix
import Synchronization

/// Writes the lines of a log to a file descriptor, on a thread of its own.
///
/// A reader that stops reading fills its pipe, and the next `write` waits for it. Here only the writer's thread waits.
/// Lines that do not fit the buffer are dropped and counted, and the log says how many once the reader continues.
public final class LogWriter: Sendable {
    private struct State {
        /// The bytes of lines that wait to be written.
        var waiting = 0
        /// The lines dropped since the start, and since the log last told of them.
        var dropped = 0
        var untold = 0
    }

    private let descriptor: Int32
    private let capacity: Int
    private let reportingDrops: @Sendable (_ count: Int) -> [UInt8]
    private let state = Mutex(State())
    private let thread = NIOThreadPool(numberOfThreads: 1)

    /// Starts the thread. A writer lives as long as the process.
    ///
    /// - Parameters:
    ///   - descriptor: The file descriptor to write to.
    ///   - capacity: The most bytes that wait to be written.
    ///   - reportingDrops: Returns the line that says how many lines were dropped.
    public init(
        to descriptor: Int32, capacity: Int = 1 << 20, reportingDrops: @escaping @Sendable (_ count: Int) -> [UInt8]
    ) {
        self.descriptor = descriptor
        self.capacity = capacity
        self.reportingDrops = reportingDrops
        thread.start()
    }

    /// The number of lines dropped since the start.
    public var droppedLines: Int { state.withLock { $0.dropped } }

    /// Enqueues a line with its line feed, or drops it if the buffer is full. Never waits for the reader.
    public func write(_ line: [UInt8]) {
        let fits = state.withLock { state in
            guard state.waiting + line.count <= capacity else {
                state.dropped += 1
                state.untold += 1
                return false
            }
            state.waiting += line.count
            return true
        }
        guard fits else { return }
        thread.submit { [self] _ in
            put(line)
            let untold = state.withLock { state in
                state.waiting -= line.count
                defer { state.untold = 0 }
                return state.untold
            }
            if untold > 0 { put(reportingDrops(untold)) }
        }
    }

    /// Waits until all lines have been written, at most for `time`. Call it before the process ends.
    public func flush(within time: Duration) async {
        let (written, report) = AsyncStream<Void>.makeStream()
        thread.submit { _ in report.finish() }
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { for await _ in written {} }
            tasks.addTask { try? await Task.sleep(for: time) }
            await tasks.next()
            tasks.cancelAll()
        }
    }

    /// Writes all bytes. A reader that is gone loses them.
    private func put(_ line: [UInt8]) {
        var rest = line[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&wanted, 1, -1)
                continue
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
