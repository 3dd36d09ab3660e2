import Tracking
public import Runs
import Evaluation
public import Training

/// How a training run came out, with what it does on data that decided nothing.
public struct TrainingResults {
    /// The finished run.
    public var training: FinishedTraining
    /// The kept checkpoint on the test data, where there are any.
    public var test: ModelEvaluation?
    /// What the test data are.
    public var testData: DataRecord.Part?

    /// The results of a finished run.
    public init(_ training: FinishedTraining, test: ModelEvaluation? = nil, testData: DataRecord.Part? = nil) {
        self.training = training
        self.test = test
        self.testData = testData
    }
}

extension ModelEvaluation {
    /// The files that show it, by their paths among a run's artifacts.
    ///
    /// - Parameter folder: Such as `val/`; empty for the top, where the run's last word lies.
    /// - Returns: The report and the predictions.
    func artifacts(in folder: String = "") -> [(path: String, bytes: [UInt8])] {
        [
            ("\(folder)classification_report.txt", Array("\(report)\n".utf8)),
            ("\(folder)predictions.csv", predictions.csv),
        ]
    }

    /// At the top lies the last word: on the test data where there are any, on the development data otherwise; with test data
    /// the development data's are in `val/`.
    static func artifacts(development: ModelEvaluation, test: ModelEvaluation?) -> [(path: String, bytes: [UInt8])] {
        guard let test else { return development.artifacts() }
        return test.artifacts() + development.artifacts(in: "val/")
    }
}
