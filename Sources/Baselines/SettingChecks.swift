import Runs

/// Checks that the value of an option is within a range.
///
/// - Throws: `TrainingError.recipe` if it is not.
func demand(_ option: String, _ value: Double, _ range: NumberRange) throws(TrainingError) {
    guard range.contains(value) else { throw .recipe("\(option) is \(value); expected \(range).") }
}

/// Checks that the value of an option is within limits.
///
/// - Throws: `TrainingError.recipe` if it is not.
func demand(_ option: String, _ value: Int, _ limits: ClosedRange<Int>) throws(TrainingError) {
    guard limits.contains(value) else {
        throw .recipe(
            "\(option) is \(value); expected a whole number from \(limits.lowerBound) to \(limits.upperBound).")
    }
}

extension TermSettings {
    func check() throws(TrainingError) {
        try demand("--min-df", leastTexts, 1...1_000_000)
        if let most { try demand("--max-terms", most, 1...10_000_000) }
    }
}

extension LinearSettings {
    func check() throws(TrainingError) {
        try terms.check()
        try demand("--epochs", epochs, 1...10_000)
        try demand("--learning-rate", learningRate, .above(0, to: 1_000))
        try demand("--l2", l2, .above(0, to: 1))
    }
}

extension TreeSettings {
    func check() throws(TrainingError) {
        try terms.check()
        try demand("--rounds", rounds, 1...100_000)
        try demand("--patience", patience, 1...100_000)
        try demand("--depth", depth, 1...30)
        try demand("--learning-rate", learningRate, .above(0, to: 1))
    }
}

extension RecurrentSettings {
    func check() throws(TrainingError) {
        try demand("--min-df", leastTexts, 1...1_000_000)
        if let mostWords { try demand("--max-terms", mostWords, 1...1_000_000) }
        try demand("--epochs", epochs, 1...10_000)
        try demand("--learning-rate", learningRate, .above(0, to: 1))
        try demand("--embedding-width", embeddingWidth, 1...4_096)
        try demand("--state-width", stateWidth, 1...4_096)
        try demand("--max-length", longest, 1...65_536)
        try demand("--batch-size", batchSize, 1...100_000)
        try demand("--clip", clip, .above(0, to: 1e6))
        try demand("--weight-decay", weightDecay, .from(0, to: 1))
        guard dropout >= 0, dropout < 1 else {
            throw .recipe("--hidden-dropout is \(dropout); expected a number from 0 to less than 1.")
        }
    }
}
