internal import CKernels
import Glibc
import Synchronization

/// A fixed set of threads that carry out the items of one loop together, the caller among them.
///
/// Items are claimed one at a time from a shared counter, so uneven items even out. A member waiting for work spins
/// for about half a millisecond, as the loops of one forward pass follow each other closely and a sleeping thread takes
/// some fifty microseconds to wake, and then sleeps.
///
/// One loop runs at a time: a team belongs to one forward pass.
@safe public final class ThreadTeam: @unchecked Sendable {
    /// The members, the caller included.
    public let count: Int

    /// Odd while the team is to stop; otherwise it goes up by two with every loop.
    private let generation = Atomic<Int>(0)
    private let nextItem = Atomic<Int>(0)
    private let working = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    // Written by the caller before `generation` is released, read by members after it is acquired.
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
        generation.add(1, ordering: .releasing)
        unsafe pthread_mutex_lock(mutex)
        unsafe pthread_cond_broadcast(wake)
        unsafe pthread_mutex_unlock(mutex)
        for thread in threads { pthread_join(thread, nil) }
        unsafe pthread_cond_destroy(wake)
        unsafe pthread_mutex_destroy(mutex)
        unsafe wake.deallocate()
        unsafe mutex.deallocate()
    }

    /// Calls `body` once for every item in `0..<items`, on all members, and returns when all are done.
    public func forEach(_ items: Int, _ body: Body) {
        guard count > 1, items > 1 else {
            for item in 0..<max(0, items) { body(item, 0) }
            return
        }
        withoutActuallyEscaping(body) { escaping in
            self.body = escaping
            self.items = items
            nextItem.store(0, ordering: .relaxed)
            working.store(count - 1, ordering: .relaxed)
            generation.add(2, ordering: .sequentiallyConsistent)
            if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
                unsafe pthread_mutex_lock(mutex)
                unsafe pthread_cond_broadcast(wake)
                unsafe pthread_mutex_unlock(mutex)
            }
            claimItems(member: 0)
            var spun = 0
            while working.load(ordering: .acquiring) > 0 {
                spun += 1
                if spun > Self.spins { sched_yield() } else { ck_spin_hint() }
            }
            self.body = { _, _ in }
        }
    }

    /// Calls `body` for ranges that together are `0..<rows`, each a multiple of `step` long but for the last.
    public func forEachBlock(of rows: Int, step: Int, _ body: (_ range: Range<Int>, _ member: Int) -> Void) {
        let step = max(1, step)
        forEach((rows + step - 1) / step) { item, member in
            body(item * step..<min(rows, (item + 1) * step), member)
        }
    }

    private func claimItems(member: Int) {
        while true {
            let item = nextItem.add(1, ordering: .relaxed).oldValue
            guard item < items else { return }
            body(item, member)
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
        var seen = 0
        while true {
            let current = nextGeneration(after: seen)
            guard current.isMultiple(of: 2) else { return }
            seen = current
            claimItems(member: member)
            working.subtract(1, ordering: .releasing)
        }
    }

    private func nextGeneration(after seen: Int) -> Int {
        for _ in 0..<Self.spins {
            let current = generation.load(ordering: .acquiring)
            if current != seen { return current }
            ck_spin_hint()
        }
        unsafe pthread_mutex_lock(mutex)
        sleepers.add(1, ordering: .sequentiallyConsistent)
        while generation.load(ordering: .sequentiallyConsistent) == seen {
            unsafe pthread_cond_wait(wake, mutex)
        }
        sleepers.subtract(1, ordering: .sequentiallyConsistent)
        unsafe pthread_mutex_unlock(mutex)
        return generation.load(ordering: .acquiring)
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
