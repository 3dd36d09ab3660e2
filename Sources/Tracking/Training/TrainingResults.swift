import Evaluation
public import Training

/// How a training run came out.
public struct TrainingResults {
    /// What it worked on.
    public var job: TrainingJob
    /// Every epoch.
    public var history: [EpochRecord]
    /// The one that is kept.
    public var best: EpochRecord
    /// The kept checkpoint on the development data.
    public var development: CheckpointEvaluation
    /// The same on the test data, where there are any.
    public var test: CheckpointEvaluation?
    /// What the test data are.
    public var testData: DataRecord.Part?

    /// The results of a finished run.
    public init(
        job: TrainingJob, history: [EpochRecord], best: EpochRecord, development: CheckpointEvaluation,
        test: CheckpointEvaluation? = nil, testData: DataRecord.Part? = nil
    ) {
        self.job = job
        self.history = history
        self.best = best
        self.development = development
        self.test = test
        self.testData = testData
    }

    /// The files that show it, by their paths among the artifacts. This is the one place that lists them: what draws plots
    /// adds its files here.
    ///
    /// At the top lies the last word: on the test data where there are any, on the development data otherwise; with test data
    /// the development data's are in `val/`.
    public var artifacts: [(path: String, bytes: [UInt8])] {
        guard let test else { return Self.files(of: development, in: "") }
        return Self.files(of: test, in: "") + Self.files(of: development, in: "val/")
    }

    private static func files(of evaluation: CheckpointEvaluation, in folder: String) -> [(
        path: String, bytes: [UInt8]
    )] {
        [
            ("\(folder)classification_report.txt", Array("\(evaluation.report)\n".utf8)),
            ("\(folder)predictions.csv", evaluation.predictions.csv),
        ]
    }
}
