internal import CKernels
import Glibc
import Synchronization

/// A fixed set of threads, including the caller, that execute the items of one loop together.
///
/// Members claim one item at a time. Items of different length therefore balance out, and a member that the system has
/// suspended delays the others only if it has claimed an item. A waiting member spins for about half a millisecond and
/// then sleeps: the loops of a forward pass follow each other closely, and a sleeping thread takes about 50 µs to wake
/// up.
///
/// Only one loop may run at a time, so a team belongs to one forward pass.
@safe public final class ThreadTeam: @unchecked Sendable {
    /// Number of members, including the caller.
    public let count: Int

    private let loop = Atomic<UInt64>(LoopState(generation: 0, unclaimed: 0).bits)
    private let finished = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    // The caller writes these two while no item can be claimed. Members read them after claiming an item, and the loop
    // does not end before they finish it.
    private var body: Body = { _, _ in }
    private var items = 0
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var threads: [pthread_t] = []

    /// A function that executes one item. `member`, in 0 ..< ``count``, identifies the thread, for example to choose
    /// its scratch.
    public typealias Body = (_ item: Int, _ member: Int) -> Void

    private static let spins = 20_000

    /// Creates a team. The caller is a member, so `count - 1` threads are started.
    ///
    /// - Parameter count: Number of members; at least 1 is used.
    public init(count: Int) {
        self.count = max(1, count)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(wake, nil)
        for member in 1..<max(1, self.count) {
            start(member: member)
        }
    }

    deinit {
        // The threads hold no reference to the team, so that it can be deinitialised while they wait.
        publish(LoopState(generation: LoopState.stop, unclaimed: 0))
        for thread in threads { pthread_join(thread, nil) }
        unsafe pthread_cond_destroy(wake)
        unsafe pthread_mutex_destroy(mutex)
        unsafe wake.deallocate()
        unsafe mutex.deallocate()
    }

    /// Calls `body` once for every item in `0..<items`, on all members, and returns when all calls have returned.
    ///
    /// - Parameters:
    ///   - items: Number of items, less than 2³².
    ///   - body: Called on several threads at the same time.
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

    /// Divides `0..<rows` into blocks and calls `body` for each, on all members.
    ///
    /// - Parameters:
    ///   - rows: Number of rows.
    ///   - step: Number of rows of every block except perhaps the last.
    ///   - body: Called with the rows of a block and the member, on several threads at the same time.
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
        precondition(status == 0, "cannot start a thread (error \(status)); lower --threads")
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

/// The current loop and the number of its items that are not yet claimed. Both are in one word, so that a member cannot
/// claim an item of a later loop than the one it has seen.
private struct LoopState {
    let generation: UInt32
    let unclaimed: UInt32

    /// Generation that tells the members to stop.
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

/// The argument of a member's thread.
@safe private final class MemberStart {
    let team: Unmanaged<ThreadTeam>
    let member: Int

    init(team: Unmanaged<ThreadTeam>, member: Int) {
        unsafe self.team = unsafe team
        self.member = member
    }
}
