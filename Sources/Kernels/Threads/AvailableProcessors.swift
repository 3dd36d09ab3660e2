internal import CKernels
import Glibc

/// The number of threads that can run in parallel in this process.
public enum AvailableProcessors {
    /// Number of processors in the process's affinity mask, limited by the CPU quotas of its control groups, rounded
    /// up.
    ///
    /// For example, it is 2 in a container that is limited to 1.5 processors on a host with 64.
    public static var count: Int {
        let groups = text("/proc/self/cgroup").map(controlGroups) ?? []
        return count(allowed: Int(ck_allowed_processors()), quotas: groups.compactMap { quota(of: $0, read: text) })
    }

    package static func count(allowed: Int, quotas: [Double]) -> Int {
        let quota = quotas.min() ?? .infinity
        return max(1, quota < Double(allowed) ? Int(quota.rounded(.up)) : allowed)
    }

    /// Returns the directories that may hold the CPU quotas of a process: those of its own control group and of the
    /// groups around it.
    ///
    /// - Parameter listing: The text of `/proc/self/cgroup`: lines of `number:controllers:path`. Version 2 has no
    ///   controllers.
    /// - Returns: The directories of each hierarchy, from the innermost group outwards.
    package static func controlGroups(_ listing: String) -> [String] {
        var directories: [String] = []
        for line in listing.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",")
            guard fields[1].isEmpty || controllers.contains("cpu") else { continue }
            let mount = fields[1].isEmpty ? "/sys/fs/cgroup" : "/sys/fs/cgroup/\(fields[1])"
            var path = fields[2].split(separator: "/")
            while true {
                directories.append(([mount] + path.map(String.init)).joined(separator: "/"))
                guard !path.isEmpty else { break }
                path.removeLast()
            }
        }
        return directories
    }

    /// Returns the number of processors that a control group grants, or `nil` if there is no limit.
    ///
    /// - Parameters:
    ///   - directory: Directory of the group. `cpu.max` is read in version 2, `cpu.cfs_*` in version 1.
    ///   - read: Returns the text of a file, or `nil`.
    /// - Returns: The quota, which may be a fraction.
    package static func quota(of directory: String, read: (String) -> String?) -> Double? {
        let numbers =
            (read("\(directory)/cpu.max")
            ?? [
                read("\(directory)/cpu.cfs_quota_us"), read("\(directory)/cpu.cfs_period_us"),
            ].compactMap { $0 }.joined(separator: " "))
            .split { $0 == " " || $0 == "\n" }.map { Double($0) }
        guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0 else {
            return nil
        }
        return quota / period
    }

    /// Returns the text of a small file, or `nil` if it cannot be read.
    private static func text(_ path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
