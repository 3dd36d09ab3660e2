public import Training

/// What a baseline is and how it came about, as `baseline.json` tells.
public struct BaselineRecord: Sendable, Codable, Equatable {
    /// What labelling takes on one thread, from the text to probabilities, in that thread's processor time.
    public struct Cost: Sendable, Codable, Equatable {
        /// "abstract" where sentences of abstracts are labelled, otherwise "text".
        public var unit: String
        /// For one of them, in the mean over the development data.
        public var microseconds: Double
    }

    /// Of this layout.
    public var format = 1
    /// Every choice.
    public var recipe: BaselineRecipe
    /// The label names, in the order of probabilities.
    public var labels: [String]
    /// What it learnt from.
    public var training: DataRecord.Part
    /// What its best pass and its thresholds were chosen on.
    public var development: DataRecord.Part
    /// The figures on the development data.
    public var developmentFigures: Figures
    /// What else it was measured on.
    public var test: DataRecord.Part?
    /// The figures on the test data.
    public var testFigures: Figures?
    /// Of training, its evaluations included, by the clock.
    public var seconds: Double
    /// The same in processor time of all threads.
    public var processorSeconds: Double
    /// Of labelling.
    public var cost: Cost
    /// The model's files.
    var files: [BaselineFiles.Entry] = []

    /// The names of the model's files, this record's aside.
    package var fileNames: [String] { files.map(\.name) }

    /// The bytes of the model's files together; 0 before they are written.
    public var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

    /// The file's name in a baseline's directory.
    public static let fileName = "baseline.json"
}
