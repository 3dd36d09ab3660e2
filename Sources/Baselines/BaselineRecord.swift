internal import Checkpoint
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

extension BaselineRecord {
    /// Reads a baseline's record and checks what does not need its model.
    ///
    /// - Throws: ``BaselineError`` or `CheckpointError` where it is missing or not what it should be.
    init(readFrom directory: CheckpointDirectory) throws {
        let json = try directory.file(Self.fileName)
        func refused(_ why: String) -> BaselineError {
            .file(path: "\(directory.path)/\(Self.fileName)", problem: why)
        }
        do {
            self = try RecordJSON.decode(BaselineRecord.self, from: json)
        } catch {
            throw refused("it is damaged, or another version wrote it (\(error)).")
        }
        guard format == 1 else { throw refused("expected format 1, found \(format).") }
        guard labels.count >= 2, Set(labels).count == labels.count else {
            throw refused("expected two different labels or more, found \(labels.joined(separator: ", ")).")
        }
        do {
            try recipe.check()
        } catch {
            throw refused(error.description)
        }
    }
}
