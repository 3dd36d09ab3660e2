/// How far a tuning has come: what its events add up to, and what follows from them.
///
/// Every decision is a function of these values alone, so that a tuning that was stopped and goes on decides as it would have.
package struct TuningState: Equatable {
    /// What to do next.
    package enum Decision: Equatable {
        /// Try a new combination.
        case begin([Setting])
        /// Train a trial until so many epochs are done.
        case train(number: Int, epochs: Int)
        /// Nothing: this trial is the best, and finished.
        case end(number: Int)
        /// Nothing: every trial failed.
        case failed
    }

    /// By their numbers.
    package private(set) var trials: [Trial] = []

    /// Nothing tried yet.
    package init() {}

    /// Seconds of work.
    package var seconds: Double { trials.reduce(0) { $0 + $1.seconds } }

    /// The best trial so far; the earlier of equals.
    package var best: Trial? {
        trials.filter { $0.best != nil }.max { ($0.best ?? 0, -$0.number) < ($1.best ?? 0, -$1.number) }
    }

    func trial(_ number: Int) -> Trial? { number >= 1 && number <= trials.count ? trials[number - 1] : nil }

    /// Takes in what happened.
    ///
    /// - Returns: `false` where it does not follow what happened before.
    @discardableResult
    package mutating func add(_ event: TuningEvent) -> Bool {
        switch event {
        case .began: return trials.isEmpty
        case .trial(let number, let settings, let epochs):
            guard number == trials.count + 1, epochs > 0 else { return false }
            trials.append(Trial(number: number, settings: settings, epochs: epochs))
        case .epoch(let number, let epoch, let value, let seconds):
            guard let known = trial(number), (1...known.values.count + 1).contains(epoch), epoch <= known.epochs
            else { return false }
            // One that was measured again, after a state that was not saved, came out as before.
            if epoch > known.values.count { trials[number - 1].values.append(value) }
            trials[number - 1].seconds += seconds
        case .finished(let number, let seconds): return end(number, .finished, seconds)
        case .failed(let number, let reason, let seconds):
            guard end(number, .failed, seconds) else { return false }
            trials[number - 1].reason = reason
        case .paused(let number, let seconds):
            guard trial(number) != nil else { return false }
            trials[number - 1].seconds += seconds
        }
        return true
    }

    private mutating func end(_ number: Int, _ status: Trial.Status, _ seconds: Double) -> Bool {
        guard trial(number)?.isOpen == true else { return false }
        trials[number - 1].status = status
        trials[number - 1].seconds += seconds
        return true
    }

    /// Whether nothing but the best trial's end is worth the time that is left.
    ///
    /// - Parameters:
    ///   - limits: How long it may take.
    ///   - sinceLastEvent: Seconds of work that no event tells of yet.
    /// - Returns: `false` where nothing was measured yet.
    package func isSpent(_ limits: TuningLimits, sinceLastEvent: Double = 0) -> Bool {
        guard let budget = limits.seconds, let best else { return false }
        return seconds + sinceLastEvent + best.secondsLeft >= budget
    }

    /// What to do next.
    package func decision(_ plan: TuningPlan, _ space: SearchSpace, _ limits: TuningLimits) -> Decision {
        if !isSpent(limits) {
            func target(_ trial: Trial) -> Int { plan.halving?.target(of: trial) ?? trial.epochs }
            // One that was stopped between two rungs goes on to the next.
            let halving = plan.halving
            if let interrupted = trials.first(where: { trial in
                trial.isOpen && !(halving?.rungs(below: trial.epochs).contains(trial.values.count) ?? false)
            }) {
                return .train(number: interrupted.number, epochs: target(interrupted))
            }
            if let promoted = halving?.promotion(among: trials) {
                return .train(number: promoted.number, epochs: target(promoted))
            }
            if limits.trials.map({ trials.count < $0 }) ?? true,
                let settings = plan.strategy.proposal(
                    in: space, tried: trials.map(\.settings), observations: observations(plan, space),
                    seed: plan.seed)
            {
                return .begin(settings)
            }
        }
        guard let best else { return .failed }
        return best.isOpen ? .train(number: best.number, epochs: best.epochs) : .end(number: best.number)
    }

    /// What a model of the settings learns from: values after equally many epochs, of the most epochs that enough trials have
    /// done (Falkner, Klein & Hutter 2018). A failed trial counts as the worst of them.
    private func observations(_ plan: TuningPlan, _ space: SearchSpace) -> [SearchStrategy.Observation] {
        func observations(_ value: (Trial) -> Double?) -> [SearchStrategy.Observation] {
            let found = trials.compactMap { trial in
                value(trial).map { SearchStrategy.Observation(settings: trial.settings, value: $0) }
            }
            guard let worst = found.map(\.value).min() else { return [] }
            return found
                + trials.filter { $0.status == .failed }.map { .init(settings: $0.settings, value: worst) }
        }
        guard let halving = plan.halving else { return observations(\.best) }
        let rungs = halving.rungs(below: trials.map(\.epochs).max() ?? 0)
        for rung in rungs.reversed() {
            let found = observations { $0.best(within: rung) }
            if found.count >= space.dimensions.count + 2 { return found }
        }
        return observations(\.best)
    }
}
