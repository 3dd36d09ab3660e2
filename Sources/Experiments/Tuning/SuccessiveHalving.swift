/// Successive halving: only the best fraction of the trials that reach a rung continue (Jamieson & Talwalkar 2016).
///
/// The decision is made as soon as a trial is among the best, without waiting for all trials to reach the rung (ASHA: Li
/// et al. 2020, algorithm 2).
public struct SuccessiveHalving: Sendable, Codable, Equatable {
    /// The reduction factor η: one in η trials continues from each rung.
    public let reduction: Int
    /// Number of epochs at the first rung; each further rung has η times as many.
    public let firstRung: Int

    /// Creates rungs at `firstRung`, `firstRung · reduction`, … epochs.
    ///
    /// - Throws: ``ExperimentError/plan(_:)`` if a value is out of range.
    public init(reduction: Int = 3, firstRung: Int = 1) throws(ExperimentError) {
        guard (2...1_000).contains(reduction) else {
            throw .plan("--eta is \(reduction); expected a whole number from 2 to 1000.")
        }
        guard (1...10_000).contains(firstRung) else {
            throw .plan("--first-rung is \(firstRung); expected a whole number from 1 to 10000.")
        }
        self.reduction = reduction
        self.firstRung = firstRung
    }

    /// Returns the rungs below a number of epochs, in epochs.
    package func rungs(below epochs: Int) -> [Int] {
        var rungs: [Int] = []
        var rung = firstRung
        while rung < epochs {
            rungs.append(rung)
            let (next, overflow) = rung.multipliedReportingOverflow(by: reduction)
            if overflow { break }
            rung = next
        }
        return rungs
    }

    /// Returns the number of epochs at which a trial is assessed next: its next rung or its end.
    package func target(of trial: Trial) -> Int {
        rungs(below: trial.epochs).first { $0 > trial.values.count } ?? trial.epochs
    }

    /// Returns a paused trial that may continue.
    ///
    /// - Parameter trials: All trials.
    /// - Returns: The best such trial from the highest possible rung; `nil` if no trial may continue.
    package func promotion(among trials: [Trial]) -> Trial? {
        let highest = trials.map(\.epochs).max() ?? 0
        for rung in rungs(below: highest).reversed() {
            let there = trials.compactMap { trial in trial.best(within: rung).map { (trial: trial, value: $0) } }
                .sorted { ($0.value, -$0.trial.number) > ($1.value, -$1.trial.number) }
            let best = there.prefix(there.count / reduction).map(\.trial)
            if let promoted = best.first(where: { $0.isOpen && $0.values.count == rung }) { return promoted }
        }
        return nil
    }
}
