import Kernels
import Synchronization
import Testing

@Suite("Thread team")
struct ThreadTeamTests {
    @Test("Every item is executed exactly once", arguments: [1, 2, 3, 8], [0, 1, 2, 7, 1000])
    func everyItemOnce(members: Int, items: Int) {
        let team = ThreadTeam(count: members)
        let counts = (0..<items).map { _ in Counter() }
        for _ in 0..<20 {
            team.forEach(items) { item, member in
                #expect((0..<members).contains(member))
                counts[item].value.add(1, ordering: .relaxed)
            }
        }
        #expect(counts.allSatisfy { $0.value.load(ordering: .relaxed) == 20 })
    }

    @Test(
        "Blocks cover the rows in order, without gaps or overlaps",
        arguments: [(0, 5), (1, 5), (5, 5), (6, 5), (23, 4), (3, 0)])
    func blocks(rows: Int, step: Int) {
        let found = Mutex<[Range<Int>]>([])
        ThreadTeam(count: 2).forEachBlock(of: rows, step: step) { range, _ in found.withLock { $0.append(range) } }
        let ranges = found.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } }
        #expect(ranges.flatMap(Array.init) == Array(0..<rows))
    }

    @Test("A team that has gone to sleep wakes for the next loop")
    func sleepAndWake() async throws {
        let team = ThreadTeam(count: 4)
        let count = Counter()
        for _ in 0..<3 {
            try await Task.sleep(for: .milliseconds(30))
            team.forEach(100) { _, _ in count.value.add(1, ordering: .relaxed) }
        }
        #expect(count.value.load(ordering: .relaxed) == 300)
    }
}

private final class Counter: Sendable {
    let value = Atomic<Int>(0)
}
