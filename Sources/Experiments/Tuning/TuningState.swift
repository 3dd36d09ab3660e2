/// The state of a search, which results from its events, and the decisions that follow from it.
///
/// A decision depends on this state alone, so a resumed search makes the same decisions as an uninterrupted one.
package struct TuningState: Equatable {
    /// The next action.
    package enum Decision: Equatable {
        /// Start a trial with a new combination.
        case begin([Setting])
        /// Train a trial until `epochs` epochs are done.
        case train(number: Int, epochs: Int)
        /// End the search: this trial is the best, and it is finished.
        case end(number: Int)
        /// End the search: no trial succeeded.
        case failed
    }

    /// Trials in the order of their numbers.
    package private(set) var trials: [Trial] = []

    /// Creates the state of a search without trials.
    package init() {}

    /// Working time in seconds.
    package var seconds: Double { trials.reduce(0) { $0 + $1.seconds } }

    /// The best trial so far; of equal trials the earlier one.
    package var best: Trial? {
        trials.filter { $0.best != nil }.max { ($0.best ?? 0, -$0.number) < ($1.best ?? 0, -$1.number) }
    }

    func trial(_ number: Int) -> Trial? { number >= 1 && number <= trials.count ? trials[number - 1] : nil }

    /// Adds an event to the state.
    ///
    /// - Returns: `false` if the event contradicts the earlier ones.
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
            // An epoch that is repeated after an unsaved state has the same value, so only its time counts.
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

    /// Returns whether the remaining time is only enough to train the best trial to its end.
    ///
    /// - Parameters:
    ///   - limits: The limits of the search.
    ///   - sinceLastEvent: The working time since the last event, in seconds.
    /// - Returns: Whether the time is used up; `false` if nothing has been measured yet.
    package func isSpent(_ limits: TuningLimits, sinceLastEvent: Double = 0) -> Bool {
        guard let budget = limits.seconds, let best else { return false }
        return seconds + sinceLastEvent + best.secondsLeft >= budget
    }

    /// Returns the next action.
    package func decision(_ plan: TuningPlan, _ space: SearchSpace, _ limits: TuningLimits) -> Decision {
        if !isSpent(limits) {
            func target(_ trial: Trial) -> Int { plan.halving?.target(of: trial) ?? trial.epochs }
            // A trial that was stopped between two rungs continues to the next rung.
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

    /// Returns the observations for the search strategy: values after the same number of epochs, the largest number that
    /// enough trials have done (Falkner, Klein & Hutter 2018). A failed trial counts as the worst observation.
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
