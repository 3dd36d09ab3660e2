/// Reads labelled abstracts, each file perhaps compressed by gzip.
public struct AbstractReader: Sendable {
    /// How a file holds abstracts.
    public enum Format: String, CaseIterable, Sendable {
        /// PubMed RCT's own (Dernoncourt & Lee 2017): a line `###id`, a line `LABEL<TAB>sentence` for each sentence, a
        /// blank line.
        case pubMedRCT = "pubmed-rct"
        /// JSON lines of one abstract each, as `CorpusAbstract` reads them.
        case jsonLines = "jsonl"
        /// JSON lines of one sentence each, as on the Hugging Face hub.
        case sentenceJSONLines = "sentence-jsonl"
        /// CSV of one sentence a record.
        case sentenceCSV = "sentence-csv"
    }

    /// Where tables of sentences have what is needed: a header's name, a number from 1, or a JSON member's name.
    public struct Columns: Sendable, Equatable {
        /// The sentence; `nil` for "text" or "sentence".
        public var text: String?
        /// The label; `nil` for "label".
        public var label: String?
        /// What the sentences of one abstract have in common; `nil` for "abstract_id".
        public var abstract: String?
        /// The sentence's place in its abstract, a whole number; `nil` for "sentence_id", or the order of the rows
        /// where there is none.
        public var order: String?

        /// Columns called as on the Hugging Face hub, but for those given.
        public init(text: String? = nil, label: String? = nil, abstract: String? = nil, order: String? = nil) {
            self.text = text
            self.label = label
            self.abstract = abstract
            self.order = order
        }
    }

    /// `nil` to tell by each file's name and beginning.
    public var format: Format?
    /// For tables of sentences.
    public var columns = Columns()
    /// For CSV.
    public var layout = CSVLayout()
    /// What the labels are called.
    public var labels = LabelNames()
    /// How many times an epoch reads each abstract of a file, by the file's path; 1 for those not named. A fraction is the
    /// share of epochs that read an abstract once more.
    public var weights: [String: Double] = [:]

    /// A reader of the usual formats.
    public init(format: Format? = nil) {
        self.format = format
    }

    /// Reads files one after the other, as one corpus to learn from.
    ///
    /// - Parameter paths: The files; "-" is standard input.
    /// - Returns: The abstracts; those without sentences, and blank sentences, are left out and counted.
    /// - Throws: `CorpusError` naming file and line: a file that cannot be read, a line that breaks its format, an id
    ///   that two abstracts have, no abstract at all.
    public func read(_ paths: [String]) throws(CorpusError) -> TrainingCorpus<TrainingAbstract> {
        var collection = CorpusCollection<TrainingAbstract>()
        for path in paths { try read(file(path), into: &collection) }
        return try collection.corpus()
    }

    /// Reads the bytes of one file.
    ///
    /// - Parameters:
    ///   - bytes: The bytes, which gzip may have compressed.
    ///   - name: The file's name, for errors and for telling the format.
    /// - Returns: As ``read(_:)``.
    /// - Throws: As ``read(_:)``.
    public func read(_ bytes: [UInt8], name: String) throws(CorpusError) -> TrainingCorpus<TrainingAbstract> {
        var collection = CorpusCollection<TrainingAbstract>()
        try read(CorpusFile(name: name, stored: bytes), into: &collection)
        return try collection.corpus()
    }

    /// Reads a file to be evaluated: abstracts with their whole text. The sentences of formats without a text are joined by
    /// one space.
    ///
    /// - Parameter file: The file. Its ids may repeat.
    /// - Returns: The abstracts; those without sentences, and blank sentences, are left out and counted.
    /// - Throws: `CorpusError` naming file and line.
    public func readTexts(_ file: CorpusFile) throws(CorpusError) -> TrainingCorpus<CorpusAbstract> {
        guard try format(of: file) == .jsonLines else {
            var collection = CorpusCollection<TrainingAbstract>()
            try read(file, into: &collection)
            let corpus = try collection.corpus()
            let abstracts = corpus.items.map { abstract in
                CorpusAbstract(id: abstract.id, sentences: abstract.sentences.map { ($0.text, $0.labels) })
            }
            return TrainingCorpus(items: abstracts, omissions: corpus.omissions, sources: corpus.sources)
        }
        var collection = CorpusCollection<CorpusAbstract>()
        collection.begin(file.source)
        try readCorpusAbstracts(file) { (abstract, line) throws(CorpusError) in
            try collection.add(abstract, line: line, isNamed: false)
        }
        return try collection.corpus()
    }

    /// Reads JSON lines of abstracts without labels, `{"text": …}` each, divided into sentences as the service does it.
    ///
    /// - Parameter paths: The files; "-" is standard input.
    /// - Returns: Abstracts whose sentences have no label.
    /// - Throws: As ``read(_:)``.
    public func readUnlabelled(_ paths: [String]) throws(CorpusError) -> TrainingCorpus<TrainingAbstract> {
        var collection = CorpusCollection<TrainingAbstract>()
        for path in paths {
            let file = try file(path)
            try file.checkNotEmpty()
            collection.begin(file.source)
            try readUnlabelled(file, into: &collection)
        }
        return try collection.corpus()
    }

    private func file(_ path: String) throws(CorpusError) -> CorpusFile {
        var file = try CorpusFile(path: path)
        file.source.weight = weights[path] ?? 1
        return file
    }

    private func read(
        _ file: CorpusFile, into collection: inout CorpusCollection<TrainingAbstract>
    ) throws(CorpusError) {
        collection.begin(file.source)
        switch try format(of: file) {
        case .pubMedRCT: try readPubMedRCT(file, into: &collection)
        case .jsonLines:
            try readCorpusAbstracts(file) { (abstract, line) throws(CorpusError) in
                try collection.add(TrainingAbstract(abstract), line: line)
            }
        case .sentenceJSONLines:
            var rows = JSONRows(file, columns: tableColumns)
            var table = SentenceTable(labels: labels, file: file.name)
            while let row = try rows.next() { try table.add(row) }
            try table.finish(into: &collection)
        case .sentenceCSV:
            var rows = try CSVRows(file, layout: layout, columns: tableColumns)
            var table = SentenceTable(labels: labels, file: file.name)
            while let row = try rows.next() { try table.add(row) }
            try table.finish(into: &collection)
        }
    }

    private func format(of file: CorpusFile) throws(CorpusError) -> Format {
        try file.checkNotEmpty()
        if let format { return format }
        switch CorpusFileKind(file) {
        case .pubMedRCT: return .pubMedRCT
        case .commaSeparated, .tabSeparated: return .sentenceCSV
        case .jsonLines: return file.firstMembers.contains("sentences") ? .jsonLines : .sentenceJSONLines
        case .jsonArray: throw CorpusFileKind.arrayError(file)
        case nil:
            throw CorpusError(
                file: file.name,
                "this is no format of abstracts that can be told by the file's name or beginning; expected ###id lines, JSON lines, or a name in .csv or .tsv. Name the format: \(Format.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
    }

    /// In the order `SentenceTable` takes them.
    private var tableColumns: [CorpusColumn] {
        [
            CorpusColumn(columns.text, else: ["text", "sentence"], purpose: "the sentence"),
            CorpusColumn(columns.label, else: ["label"], purpose: "the label"),
            CorpusColumn(columns.abstract, else: ["abstract_id"], purpose: "the abstract's id"),
            CorpusColumn(columns.order, else: ["sentence_id"], purpose: "the sentence's place", isRequired: false),
        ]
    }
}
