/// The settings by which a run samples and splits its data.
package struct DataPlan: Sendable {
    /// The task of the run.
    package var task: TrainingTask
    /// The number of abstracts or texts to draw from the training data; `nil` for all.
    package var sample: Int?
    /// Whether every label keeps only as many texts as the rarest label has.
    package var downsample: Bool
    /// The fraction of the training data that is held out as development data if none are given, between 0 and 1.
    package var developmentShare: Double
    /// The seed that determines which items are drawn and held out.
    package var seed: UInt64

    /// The valid values of ``developmentShare``.
    package static let developmentShares = NumberRange.above(0, below: 1)
    /// The valid values of ``sample``.
    package static let samples = 1...Int(Int32.max)

    package init(task: TrainingTask, sample: Int?, downsample: Bool, developmentShare: Double, seed: UInt64) {
        self.task = task
        self.sample = sample
        self.downsample = downsample
        self.developmentShare = developmentShare
        self.seed = seed
    }

    /// Checks every setting on its own and against the task.
    ///
    /// - Throws: ``TrainingError/recipe(_:)`` with the option, the expected value and the value found.
    package func check() throws(TrainingError) {
        guard Self.developmentShares.contains(developmentShare) else {
            throw .recipe("--dev-share is \(developmentShare); expected \(Self.developmentShares).")
        }
        if let sample, !Self.samples.contains(sample) {
            throw .recipe(
                "--sample is \(sample); expected a whole number from \(Self.samples.lowerBound) to \(Self.samples.upperBound)."
            )
        }
        if downsample, task == .sequenceLabelling || task == .multiLabelText {
            throw .recipe(
                "--downsample needs one label per text, but the task is \(task.rawValue). Remove --downsample.")
        }
    }
}
