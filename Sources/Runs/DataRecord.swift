import Checkpoint
public import Corpora

/// The data a run was trained and evaluated on, by size, labels and digest.
public struct DataRecord: Sendable, Codable, Equatable {
    /// A file and the SHA-256 of its bytes, decompressed.
    public struct File: Sendable, Codable, Equatable {
        /// Without its directories: a record is read elsewhere.
        public var name: String
        /// In hexadecimal.
        public var sha256: String
        /// How many times an epoch reads each of its abstracts; `nil` for once.
        public var weight: Double?

        package init(name: String, sha256: String, weight: Double? = nil) {
            self.name = name
            self.sha256 = sha256
            self.weight = weight
        }
    }

    /// One of the two parts.
    public struct Part: Sendable, Codable, Equatable, CustomStringConvertible {
        /// Where it came from.
        public var files: [File]
        /// Abstracts or texts, after sampling.
        public var items: Int
        /// The abstracts' sentences; `nil` for texts.
        public var sentences: Int?
        /// How many sentences, or texts, have each label, or may have it where a heading allows several.
        public var labels: [String: Int]
        /// Of items and labels in their order (hexadecimal), whatever files they came from.
        public var sha256: String

        /// What a corpus is, as a task reads it.
        ///
        /// - Throws: ``TrainingError/recipe(_:)`` where it is of another kind.
        public init(_ corpus: LabelledCorpus, for task: TrainingTask) throws(TrainingError) {
            self.init(try corpus.items.prepared(for: task), sources: corpus.sources)
        }

        package init(_ items: LabelledItems, sources: [CorpusSource]) {
            files = sources.map { source in
                File(
                    name: source.name.lastPathComponent, sha256: source.sha256,
                    weight: source.weight == 1 ? nil : source.weight)
            }
            self.items = items.count
            sentences = items.sentences
            labels = items.labels.reduce(into: [:]) { $0[$1.label, default: 0] += 1 }
            sha256 = items.sha256
        }

        /// Such as "60 abstracts of 761 sentences".
        public var description: String {
            sentences.map { "\(items) abstracts of \($0) sentences" } ?? "\(items) texts"
        }
    }

    /// The base checkpoint's name.
    public var base: String
    /// The base checkpoint's files.
    public var baseFiles: [File]
    /// The files of its teachers, one after another, where it had any.
    public var teachers: [File]?
    /// What it learnt from.
    public var training: Part
    /// What it was measured on.
    public var development: Part

    package init(base: String, baseFiles: [File], teachers: [File]?, training: Part, development: Part) {
        self.base = base
        self.baseFiles = baseFiles
        self.teachers = teachers
        self.training = training
        self.development = development
    }

    /// What differs from another run's, in words; empty where both learn the same from the same.
    package func differences(from other: DataRecord) -> [String] {
        var differences: [String] = []
        func compare(_ what: String, _ mine: Part, _ its: Part) {
            guard mine.sha256 != its.sha256 else { return }
            differences.append(
                "the \(what) data (\(its.items) items of SHA-256 \(its.sha256.prefix(12))… then, \(mine.items) of \(mine.sha256.prefix(12))… now)"
            )
        }
        compare("training", training, other.training)
        compare("development", development, other.development)
        let (mine, its) = (baseFiles, other.baseFiles)
        if Set(mine.map(\.name)) != Set(its.map(\.name)) || mine.contains(where: { !its.contains($0) }) {
            differences.append("the base checkpoint (\(other.base) then, \(base) now)")
        }
        if teachers != other.teachers { differences.append("the teachers") }
        return differences
    }
}
