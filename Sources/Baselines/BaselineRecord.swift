internal import Checkpoint
public import Evaluation
public import Runs

/// The content of `baseline.json`: what a baseline is, how it was trained and how it performs.
public struct BaselineRecord: Sendable, Codable, Equatable {
    /// The cost of labelling on one thread, from text to probabilities, in processor time.
    public struct Cost: Sendable, Codable, Equatable {
        /// The unit of the cost: "abstract" if sentences of abstracts are labelled, otherwise "text".
        public var unit: String
        /// Microseconds for each unit, averaged over the development data.
        public var microseconds: Double
    }

    /// Version of the file format.
    public var format = 1
    /// The recipe.
    public var recipe: BaselineRecipe
    /// Label names, in the order of the probabilities.
    public var labels: [String]
    /// The training data.
    public var training: DataRecord.Part
    /// The development data, on which the best pass and the thresholds were chosen.
    public var development: DataRecord.Part
    /// Metrics on the development data.
    public var developmentFigures: Figures
    /// The test data, if there were any.
    public var test: DataRecord.Part?
    /// Metrics on the test data.
    public var testFigures: Figures?
    /// Duration of training, including evaluations, in seconds.
    public var seconds: Double
    /// Processor time of training over all threads, including evaluations, in seconds.
    public var processorSeconds: Double
    /// Cost of labelling.
    public var cost: Cost
    /// Files of the model.
    var files: [BaselineFiles.Entry] = []

    /// Names of the model's files, without that of this record.
    package var fileNames: [String] { files.map(\.name) }

    /// Total size of the model's files in bytes; 0 before they are written.
    public var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

    /// Name of the record's file in a baseline's directory.
    public static let fileName = "baseline.json"
}

extension BaselineRecord {
    /// Reads a baseline's record and checks everything that can be checked without the model.
    ///
    /// - Throws: ``BaselineError`` or `CheckpointError` if the record is missing or not valid.
    init(readFrom directory: CheckpointDirectory) throws {
        let json = try directory.file(Self.fileName)
        func refused(_ why: String) -> BaselineError {
            .file(path: "\(directory.path)/\(Self.fileName)", problem: why)
        }
        do {
            self = try RecordJSON.decode(BaselineRecord.self, from: json)
        } catch {
            throw refused(
                "the file is damaged or was written by another version of this program: \(FileFailure.reason(error)).")
        }
        guard format == 1 else { throw refused("expected format 1, found \(format).") }
        guard labels.count >= 2, Set(labels).count == labels.count else {
            throw refused("expected at least two different labels, found \(labels.joined(separator: ", ")).")
        }
        do {
            try recipe.check()
        } catch {
            throw refused(error.description)
        }
    }
}
