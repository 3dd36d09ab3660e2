/// How a run draws and divides its data.
package struct DataPlan: Sendable {
    /// What the data are for.
    package var task: TrainingTask
    /// How many abstracts or texts to draw; `nil` for all.
    package var sample: Int?
    /// Whether every label keeps only as many texts as the rarest has.
    package var downsample: Bool
    /// The fraction of the training data that is set apart for development where no development data are given.
    package var developmentShare: Double
    /// Decides which items are drawn and set apart.
    package var seed: UInt64

    package init(task: TrainingTask, sample: Int?, downsample: Bool, developmentShare: Double, seed: UInt64) {
        self.task = task
        self.sample = sample
        self.downsample = downsample
        self.developmentShare = developmentShare
        self.seed = seed
    }

    /// Checks every setting on its own and against the task.
    ///
    /// - Throws: ``TrainingError/recipe(_:)`` naming the option, what was expected and what was found.
    package func check() throws(TrainingError) {
        guard developmentShare > 0, developmentShare < 1 else {
            throw .recipe("--dev-share is \(developmentShare); expected a number above 0.0 to below 1.0.")
        }
        if let sample, !(1...Int(Int32.max)).contains(sample) {
            throw .recipe("--sample is \(sample); expected a whole number from 1 to \(Int32.max).")
        }
        if downsample, task == .sequenceLabelling || task == .multiLabelText {
            throw .recipe("--downsample needs one label a text; the task is \(task.rawValue). Leave it out.")
        }
    }
}
