import ArgumentParser

/// How often a command saves its state and prints its progress.
struct IntervalOptions: ParsableArguments {
    @Option(help: "Save the state of a training run every N minutes.")
    var saveEvery = IntervalOptions.minutesBetweenSaves

    @Option(help: "Print progress every N seconds if standard error is not a terminal.")
    var progressEvery = 30.0

    /// Whether `--save-every` differs from its default.
    var savesAtOtherInterval: Bool { saveEvery != Self.minutesBetweenSaves }

    private static let minutesBetweenSaves = 10.0

    func validate() throws {
        let intervals = [("--save-every", saveEvery, "minutes"), ("--progress-every", progressEvery, "seconds")]
        for (option, value, unit) in intervals where !(value > 0) {
            throw ValidationError("\(option) is \(value); expected a number of \(unit) above 0.")
        }
    }
}
