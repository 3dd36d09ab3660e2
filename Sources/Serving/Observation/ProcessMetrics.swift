internal import CoreMetrics
internal import FoundationEssentials
import Glibc
internal import Prometheus
import Synchronization

/// Series about the process, with the names that all Prometheus client libraries use.
///
/// [Process metrics](https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics), read from `/proc`.
final class ProcessMetrics: Sendable {
    static let families: [PrometheusRegistry.Family] = [
        .init("process_resident_memory_bytes", "Resident memory of the process in bytes."),
        .init("process_virtual_memory_bytes", "Virtual memory of the process in bytes."),
        .init("process_cpu_seconds_total", "User and system CPU time in seconds."),
        .init("process_start_time_seconds", "Start time of the process in seconds since the Unix epoch."),
        .init("process_open_fds", "Number of open file descriptors."),
        .init("process_max_fds", "Maximum number of open file descriptors."),
        .init("process_threads", "Number of threads."),
    ]

    private let resident: Meter
    private let virtual: Meter
    private let processor: FloatingPointCounter
    private let processorTicks = Mutex(0)
    private let start: Meter
    private let descriptors: Meter
    private let mostDescriptors: Meter
    private let threads: Meter

    init(_ factory: any MetricsFactory) {
        func meter(_ name: String) -> Meter { Meter(label: name, factory: factory) }
        resident = meter("process_resident_memory_bytes")
        virtual = meter("process_virtual_memory_bytes")
        processor = FloatingPointCounter(label: "process_cpu_seconds_total", factory: factory)
        start = meter("process_start_time_seconds")
        descriptors = meter("process_open_fds")
        mostDescriptors = meter("process_max_fds")
        threads = meter("process_threads")
        if let stat = Self.stat(), let boot = Self.bootTime() {
            start.set(boot + Double(stat[.startTime]) / Self.ticks)
        }
    }

    /// Updates the series.
    func update() {
        if let stat = Self.stat() {
            resident.set(stat[.residentPages] * sysconf(Int32(_SC_PAGESIZE)))
            virtual.set(stat[.virtualBytes])
            processorTicks.withLock { ticks in
                let now = stat[.userTime] + stat[.systemTime]
                processor.increment(by: Double(now - ticks) / Self.ticks)
                ticks = now
            }
            threads.set(stat[.threads])
        }
        descriptors.set(Self.openDescriptors())
        var limit = rlimit()
        if unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            mostDescriptors.set(Double(limit.rlim_cur))
        }
    }

    private static let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))

    /// The fields of `/proc/self/stat` from the third on, numbered as in proc(5).
    private struct Stat {
        enum Field: Int {
            case userTime = 14
            case systemTime = 15
            case threads = 20
            case startTime = 22
            case virtualBytes = 23
            case residentPages = 24
        }

        let fields: [Substring]

        subscript(field: Field) -> Int {
            let index = field.rawValue - 3
            return fields.indices.contains(index) ? Int(fields[index]) ?? 0 : 0
        }
    }

    private static func stat() -> Stat? {
        // The second field is the program's name in parentheses, which may contain spaces and parentheses.
        guard let text = content(of: "/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
        return Stat(fields: text[text.index(after: end)...].split(separator: " "))
    }

    private static func bootTime() -> Double? {
        let lines = content(of: "/proc/stat")?.split(separator: "\n") ?? []
        return lines.first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
    }

    private static func openDescriptors() -> Int {
        guard let directory = unsafe opendir("/proc/self/fd") else { return 0 }
        defer { unsafe closedir(directory) }
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        // Without ".", ".." and the descriptor of the directory itself.
        return count - 3
    }

    private static func content(of path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
