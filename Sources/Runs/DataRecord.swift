import Checkpoint
public import Corpora

/// The data that a run was trained and evaluated on, described by size, labels and digest.
public struct DataRecord: Sendable, Codable, Equatable {
    /// A file and the SHA-256 digest of its decompressed bytes.
    public struct File: Sendable, Codable, Equatable {
        /// The name without directories, because the record may be read on another machine.
        public var name: String
        /// The SHA-256 digest in hexadecimal.
        public var sha256: String
        /// The mean number of times that an epoch reads each abstract of the file; `nil` for once.
        public var weight: Double?

        package init(name: String, sha256: String, weight: Double? = nil) {
            self.name = name
            self.sha256 = sha256
            self.weight = weight
        }
    }

    /// The training data or the development data.
    public struct Part: Sendable, Codable, Equatable, CustomStringConvertible {
        /// The files that the items come from.
        public var files: [File]
        /// The number of abstracts or texts, after sampling.
        public var items: Int
        /// The number of sentences of the abstracts; `nil` for texts.
        public var sentences: Int?
        /// The number of sentences or texts with each label. A sentence counts for every label that its heading allows.
        public var labels: [String: Int]
        /// The SHA-256 digest, in hexadecimal, of the items and labels in order. It does not depend on the files.
        public var sha256: String

        /// Describes a corpus as the task reads it.
        ///
        /// - Throws: ``TrainingError/recipe(_:)`` if the corpus is of another kind than the task needs.
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

        /// A phrase such as "60 abstracts with 761 sentences".
        public var description: String { LabelledItems.summary(count: items, sentences: sentences) }
    }

    /// The name of the base checkpoint.
    public var base: String
    /// The files of the base checkpoint.
    public var baseFiles: [File]
    /// The files of all teachers; `nil` if there are none.
    public var teachers: [File]?
    /// The training data.
    public var training: Part
    /// The development data.
    public var development: Part

    package init(base: String, baseFiles: [File], teachers: [File]?, training: Part, development: Part) {
        self.base = base
        self.baseFiles = baseFiles
        self.teachers = teachers
        self.training = training
        self.development = development
    }

    /// Describes each difference from the record of another run in words; empty if the data, base and teachers are the
    /// same.
    package func differences(from other: DataRecord) -> [String] {
        var differences: [String] = []
        func compare(_ what: String, _ mine: Part, _ its: Part) {
            guard mine.sha256 != its.sha256 else { return }
            differences.append(
                "the \(what) data (changed from \(its.items) items with SHA-256 \(its.sha256.prefix(12))… to \(mine.items) items with SHA-256 \(mine.sha256.prefix(12))…)"
            )
        }
        compare("training", training, other.training)
        compare("development", development, other.development)
        let (mine, its) = (baseFiles, other.baseFiles)
        if Set(mine.map(\.name)) != Set(its.map(\.name)) || mine.contains(where: { !its.contains($0) }) {
            differences.append("the base checkpoint (changed from \(other.base) to \(base))")
        }
        if teachers != other.teachers { differences.append("the teachers") }
        return differences
    }
}
