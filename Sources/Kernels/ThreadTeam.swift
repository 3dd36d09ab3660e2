internal import CKernels
import Glibc
import Synchronization

/// A fixed set of threads that carry out the items of one loop together, the caller among them.
///
/// Items are claimed one at a time, so uneven items even out, and a member that the system has put aside holds up nobody
/// unless it has claimed one. A member waiting for work spins for about half a millisecond, as the loops of one forward
/// pass follow each other closely and a sleeping thread takes some fifty microseconds to wake, and then sleeps.
///
/// One loop runs at a time: a team belongs to one forward pass.
@safe public final class ThreadTeam: @unchecked Sendable {
    /// The members, the caller included.
    public let count: Int

    private let loop = Atomic<UInt64>(LoopState(generation: 0, unclaimed: 0).bits)
    private let finished = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    // Written by the caller while there is nothing to claim, read by whoever has claimed an item, which ends no earlier.
    private var body: Body = { _, _ in }
    private var items = 0
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var threads: [pthread_t] = []

    /// Is given an item and the member's number, 0 ..< ``count``, which picks the member's own scratch.
    public typealias Body = (_ item: Int, _ member: Int) -> Void

    private static let spins = 20_000

    /// A team of `count` members; the caller is one, so `count - 1` threads are started.
    public init(count: Int) {
        self.count = max(1, count)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(wake, nil)
        for member in 1..<max(1, self.count) {
            start(member: member)
        }
    }

    deinit {
        // The members hold no reference to the team, only the pointers they were started with, so this can run.
        publish(LoopState(generation: LoopState.stop, unclaimed: 0))
        for thread in threads { pthread_join(thread, nil) }
        unsafe pthread_cond_destroy(wake)
        unsafe pthread_mutex_destroy(mutex)
        unsafe wake.deallocate()
        unsafe mutex.deallocate()
    }

    /// Calls `body` once for every item in `0..<items`, on all members, and returns when all are done.
    ///
    /// - Parameters:
    ///   - items: Fewer than 2³².
    ///   - body: Is called on several threads at a time.
    public func forEach(_ items: Int, _ body: Body) {
        guard count > 1, items > 1 else {
            for item in 0..<max(0, items) { body(item, 0) }
            return
        }
        withoutActuallyEscaping(body) { escaping in
            self.body = escaping
            self.items = items
            finished.store(0, ordering: .relaxed)
            let next = LoopState(loop.load(ordering: .relaxed)).next(items: items)
            publish(next)
            claimItems(of: next.generation, member: 0)
            var spun = 0
            while finished.load(ordering: .acquiring) < items {
                spun += 1
                if spun > Self.spins { sched_yield() } else { ck_spin_hint() }
            }
            self.body = { _, _ in }
        }
    }

    private func publish(_ state: LoopState) {
        loop.store(state.bits, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
            unsafe pthread_mutex_lock(mutex)
            unsafe pthread_cond_broadcast(wake)
            unsafe pthread_mutex_unlock(mutex)
        }
    }

    /// Calls `body` for ranges that together are `0..<rows`, each a multiple of `step` long but for the last.
    public func forEachBlock(of rows: Int, step: Int, _ body: (_ range: Range<Int>, _ member: Int) -> Void) {
        let step = max(1, step)
        forEach((rows + step - 1) / step) { item, member in
            body(item * step..<min(rows, (item + 1) * step), member)
        }
    }

    private func claimItems(of generation: UInt32, member: Int) {
        while true {
            let state = LoopState(loop.load(ordering: .acquiring))
            guard state.generation == generation, state.unclaimed > 0 else { return }
            let claimed = LoopState(generation: generation, unclaimed: state.unclaimed - 1)
            guard
                loop.weakCompareExchange(
                    expected: state.bits, desired: claimed.bits, ordering: .acquiringAndReleasing
                ).exchanged
            else { continue }
            body(items - Int(state.unclaimed), member)
            finished.add(1, ordering: .releasing)
        }
    }

    private func start(member: Int) {
        let start = unsafe MemberStart(team: Unmanaged.passUnretained(self), member: member)
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let start = unsafe Unmanaged<MemberStart>.fromOpaque(context).takeRetainedValue()
                unsafe start.team._withUnsafeGuaranteedRef { team in team.serve(member: start.member) }
                return nil
            }, Unmanaged.passRetained(start).toOpaque())
        precondition(status == 0, "the system refused a thread (error \(status)): lower --threads")
        threads.append(thread)
    }

    private func serve(member: Int) {
        var seen: UInt32 = 0
        while true {
            seen = nextGeneration(after: seen)
            guard seen != LoopState.stop else { return }
            claimItems(of: seen, member: member)
        }
    }

    private func nextGeneration(after seen: UInt32) -> UInt32 {
        for _ in 0..<Self.spins {
            let current = LoopState(loop.load(ordering: .acquiring)).generation
            if current != seen { return current }
            ck_spin_hint()
        }
        unsafe pthread_mutex_lock(mutex)
        sleepers.add(1, ordering: .sequentiallyConsistent)
        while LoopState(loop.load(ordering: .sequentiallyConsistent)).generation == seen {
            unsafe pthread_cond_wait(wake, mutex)
        }
        sleepers.subtract(1, ordering: .sequentiallyConsistent)
        unsafe pthread_mutex_unlock(mutex)
        return LoopState(loop.load(ordering: .acquiring)).generation
    }
}

/// Which loop runs and how many of its items nobody has claimed yet, in one word, so that nobody claims an item of a loop
/// that came after the one it looked at.
private struct LoopState {
    let generation: UInt32
    let unclaimed: UInt32

    /// The generation in which members stop.
    static let stop = UInt32.max

    init(generation: UInt32, unclaimed: UInt32) {
        (self.generation, self.unclaimed) = (generation, unclaimed)
    }

    init(_ bits: UInt64) {
        self.init(generation: UInt32(truncatingIfNeeded: bits >> 32), unclaimed: UInt32(truncatingIfNeeded: bits))
    }

    var bits: UInt64 { UInt64(generation) << 32 | UInt64(unclaimed) }

    func next(items: Int) -> LoopState {
        let generation = generation &+ 1
        return LoopState(generation: generation == Self.stop ? 0 : generation, unclaimed: UInt32(items))
    }
}

/// What a member's thread is started with.
@safe private final class MemberStart {
    let team: Unmanaged<ThreadTeam>
    let member: Int

    init(team: Unmanaged<ThreadTeam>, member: Int) {
        unsafe self.team = unsafe team
        self.member = member
    }
}
