import Experiments
import Runs
import Testing
import Training

@Suite("Tuning state")
struct TuningStateTests {
    private let plan: TuningPlan
    private let space: SearchSpace

    init() throws {
        plan = TuningPlan(
            searches: ["warm-up=0..1"], strategy: .random, seed: 1, halving: try SuccessiveHalving(),
            recipe: Recipe(task: .sentence),
            training: TinyExperiment.abstracts(1, seed: 1), development: nil)
        space = try SearchSpace([SearchDimension("warm-up=0..1")])
    }

    private func decision(
        _ events: [TuningEvent], trials: Int? = 3, seconds: Double? = nil, halving: Bool = true
    ) throws -> TuningState.Decision {
        var state = TuningState()
        for event in events {
            let follows = state.add(event)
            #expect(follows)
        }
        var plan = plan
        if !halving {
            plan = TuningPlan(
                searches: plan.searches, strategy: .random, seed: 1, halving: nil, recipe: Recipe(task: .sentence),
                training: TinyExperiment.abstracts(1, seed: 1), development: nil)
        }
        return state.decision(plan, space, try TuningLimits(trials: trials, seconds: seconds))
    }

    private func trial(_ number: Int, epochs: Int = 4, _ values: Double...) -> [TuningEvent] {
        [.trial(number: number, settings: [Setting(option: "--warm-up", value: "0.\(number)")], epochs: epochs)]
            + values.enumerated().map { .epoch(number: number, epoch: $0 + 1, value: $1, seconds: 10) }
    }

    @Test("A new trial is trained to the first rung, then another is started")
    func beginning() throws {
        guard case .begin = try decision([]) else {
            Issue.record("no trial was started")
            return
        }
        #expect(try decision(trial(1)) == .train(number: 1, epochs: 1))
        guard case .begin = try decision(trial(1, 0.5)) else {
            Issue.record("no second trial was started")
            return
        }
    }

    @Test("A trial that was interrupted between two rungs continues first")
    func interrupted() throws {
        #expect(try decision(trial(1, 0.1, 0.2) + trial(2, 0.5)) == .train(number: 1, epochs: 3))
    }

    @Test("When no more trials are started, the best is trained to its end and the search ends")
    func ending() throws {
        let waiting = trial(1, 0.1) + trial(2, 0.5) + trial(3, 0.3)
        #expect(try decision(waiting) == .train(number: 2, epochs: 3))
        let further = trial(1, 0.1) + trial(2, 0.5, 0.4, 0.4) + trial(3, 0.3)
        #expect(try decision(further) == .train(number: 2, epochs: 4))
        #expect(
            try decision(
                further + [.epoch(number: 2, epoch: 4, value: 0.4, seconds: 1), .finished(number: 2, seconds: 1)])
                == .end(number: 2))
    }

    @Test("Without halving every trial is trained to its end")
    func noHalving() throws {
        #expect(try decision(trial(1, 0.1), halving: false) == .train(number: 1, epochs: 4))
    }

    @Test("No trial is started if the remaining time is needed to finish the best one")
    func budget() throws {
        // Two trials have done one epoch of 10 s each; the better one needs three more epochs, 30 s.
        let events = trial(1, 0.5) + trial(2, 0.4)
        guard case .begin = try decision(events, seconds: 51) else {
            Issue.record("there was time for another trial")
            return
        }
        #expect(try decision(events, seconds: 50) == .train(number: 1, epochs: 4))
        // The budget cannot be enforced before a trial has a result.
        #expect(try decision(trial(1) + [.paused(number: 1, seconds: 60)], seconds: 50) == .train(number: 1, epochs: 1))
    }

    @Test("After a failed trial another is started, and if all failed the search fails")
    func failure() throws {
        let failed = trial(1) + [.failed(number: 1, reason: "diverged", seconds: 1)]
        guard case .begin = try decision(failed) else {
            Issue.record("no other trial was started")
            return
        }
        #expect(try decision(failed, trials: 1) == .failed)
    }

    @Test("Events that contradict earlier ones are refused")
    func order() {
        var state = TuningState()
        let events: [(TuningEvent, follows: Bool)] = [
            (.epoch(number: 1, epoch: 1, value: 0.5, seconds: 1), false),
            (.trial(number: 2, settings: [], epochs: 1), false),
            (.trial(number: 1, settings: [], epochs: 2), true),
            (.epoch(number: 1, epoch: 2, value: 0.5, seconds: 1), false),
            (.epoch(number: 1, epoch: 1, value: 0.5, seconds: 1), true), (.finished(number: 3, seconds: 1), false),
            (.epoch(number: .min, epoch: 1, value: 0.5, seconds: 1), false), (.paused(number: .min, seconds: 1), false),
            (.finished(number: .max, seconds: 1), false),
            (.finished(number: 1, seconds: 1), true), (.failed(number: 1, reason: "", seconds: 1), false),
        ]
        for (event, follows) in events {
            let found = state.add(event)
            #expect(found == follows, "\(event)")
        }
    }
}
