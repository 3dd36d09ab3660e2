/// Which trials are worth more epochs: those among the best share of all that have come as far (Jamieson & Talwalkar 2016), decided as
/// soon as one is there, not once all are (ASHA: Li et al. 2020, algorithm 2).
public struct SuccessiveHalving: Sendable, Codable, Equatable {
    /// One in so many goes on from each rung, η.
    public let reduction: Int
    /// The epochs of the first rung; each further one has η times as many.
    public let firstRung: Int

    /// Rungs at `firstRung`, `firstRung · reduction`, … epochs.
    ///
    /// - Throws: ``ExperimentError/plan(_:)`` where they make no sense.
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

    /// The rungs below a number of epochs, in epochs.
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

    /// Where a trial is to be looked at next: the first rung above what it has done, or its end.
    package func target(of trial: Trial) -> Int {
        rungs(below: trial.epochs).first { $0 > trial.values.count } ?? trial.epochs
    }

    /// The trial that deserves to go on from where it waits.
    ///
    /// - Parameter trials: All there are.
    /// - Returns: From the highest rung where there is one; `nil` where there is none.
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
