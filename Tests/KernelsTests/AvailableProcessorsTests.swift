import Kernels
import Testing

@Suite("Available processors")
struct AvailableProcessorsTests {
    @Test("The count is at least 1, at most the size of the affinity mask, and limited by the smallest quota")
    func present() {
        #expect(AvailableProcessors.count >= 1)
        #expect(AvailableProcessors.count(allowed: 64, quotas: []) == 64)
        #expect(AvailableProcessors.count(allowed: 64, quotas: [1.5, 8]) == 2)
        #expect(AvailableProcessors.count(allowed: 2, quotas: [8]) == 2)
        #expect(AvailableProcessors.count(allowed: 4, quotas: [0.1]) == 1)
    }

    @Test("A quota is read from control groups of version 1 and version 2")
    func quotas() {
        func quota(_ files: [String: String]) -> Double? { AvailableProcessors.quota(of: "/g") { files[$0] } }
        #expect(quota(["/g/cpu.max": "150000 100000\n"]) == 1.5)
        #expect(quota(["/g/cpu.max": "max 100000\n"]) == nil)
        #expect(quota(["/g/cpu.cfs_quota_us": "50000\n", "/g/cpu.cfs_period_us": "100000\n"]) == 0.5)
        #expect(quota(["/g/cpu.cfs_quota_us": "-1\n", "/g/cpu.cfs_period_us": "100000\n"]) == nil)
        #expect(quota(["/g/cpu.max": "nonsense"]) == nil)
        #expect(quota([:]) == nil)
    }

    @Test("The control groups around the process's own group are included")
    func groups() {
        #expect(
            AvailableProcessors.controlGroups("0::/pod/container\n")
                == ["/sys/fs/cgroup/pod/container", "/sys/fs/cgroup/pod", "/sys/fs/cgroup"])
        #expect(
            AvailableProcessors.controlGroups("4:memory:/m\n3:cpu,cpuacct:/c\n") == [
                "/sys/fs/cgroup/cpu,cpuacct/c", "/sys/fs/cgroup/cpu,cpuacct",
            ])
        #expect(AvailableProcessors.controlGroups("nonsense") == [])
    }
}
