internal import Evaluation

/// The trials of a search as a plain-text table, best trial first.
public struct TuningTable: CustomStringConvertible {
    private let record: TuningRecord

    /// Creates a table.
    public init(_ record: TuningRecord) {
        self.record = record
    }

    /// The table with a line for each trial.
    public var description: String {
        let figure = record.plan.common.first { $0.option == "--best-by" }?.value ?? "value"
        let options = record.trials.first?.settings.map(\.option) ?? []
        var rows = [["trial", figure] + options + ["epochs", "seconds", ""]]
        let trials = record.trials.sorted { ($0.best ?? -1, -$0.number) > ($1.best ?? -1, -$1.number) }
        for trial in trials {
            rows.append(
                ["\(trial.number)", trial.best.map(fourDigits) ?? "-"] + trial.settings.map(\.value) + [
                    "\(trial.values.count)/\(trial.epochs)", decimal(trial.seconds, digits: 0), note(trial),
                ])
        }
        return TextColumns(rows, leading: [rows[0].count - 1]).description
    }

    private func note(_ trial: Trial) -> String {
        switch trial.status {
        case .open: "stopped after epoch \(trial.values.count)"
        case .failed: "failed"
        case .finished: trial.number == record.best ? "best" : ""
        }
    }
}
