import Evaluation
public import Runs
public import Training

/// The results of a finished training run, including those on test data.
public struct TrainingResults {
    /// The finished training.
    public var training: FinishedTraining
    /// The evaluation of the kept checkpoint on the test data, if there are any.
    public var test: ModelEvaluation?
    /// The description of the test data, if there are any.
    public var testData: DataRecord.Part?

    /// Creates the results of a finished training run.
    public init(_ training: FinishedTraining, test: ModelEvaluation? = nil, testData: DataRecord.Part? = nil) {
        self.training = training
        self.test = test
        self.testData = testData
    }
}

extension ModelEvaluation {
    /// Returns the report and the predictions as files with their artifact paths.
    ///
    /// - Parameter folder: The folder of the files, such as `val/`; empty for the top level.
    /// - Returns: The paths and contents.
    func artifacts(in folder: String = "") -> [(path: String, bytes: [UInt8])] {
        [
            ("\(folder)classification_report.txt", Array("\(report)\n".utf8)),
            ("\(folder)predictions.csv", predictions.csv),
        ]
    }

    /// Returns the files of the evaluations. With test data, their files are at the top level and those of the
    /// development data in `val/`; otherwise the files of the development data are at the top level.
    static func artifacts(development: ModelEvaluation, test: ModelEvaluation?) -> [(path: String, bytes: [UInt8])] {
        guard let test else { return development.artifacts() }
        return test.artifacts() + development.artifacts(in: "val/")
    }
}
