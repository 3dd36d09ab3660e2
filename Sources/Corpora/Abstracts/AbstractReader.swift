/// A reader of labelled abstracts. Files may be compressed with gzip.
public struct AbstractReader: Sendable {
    /// The format of a file of abstracts.
    public enum Format: String, CaseIterable, Sendable {
        /// The format of PubMed RCT (Dernoncourt & Lee 2017): a line `###id`, a line `LABEL<TAB>sentence` for each
        /// sentence, and a blank line.
        case pubMedRCT = "pubmed-rct"
        /// JSON lines with one abstract each, decoded as `CorpusAbstract`.
        case jsonLines = "jsonl"
        /// JSON lines with one sentence each, as on the Hugging Face hub.
        case sentenceJSONLines = "sentence-jsonl"
        /// CSV with one sentence per record.
        case sentenceCSV = "sentence-csv"
    }

    /// The columns of a table of sentences. A column is a name in the header, a number from 1, or a JSON member's name.
    public struct Columns: Sendable, Equatable {
        /// The column of the sentence; `nil` for "text" or "sentence".
        public var text: String?
        /// The column of the label; `nil` for "label".
        public var label: String?
        /// The column of the id that the sentences of one abstract share; `nil` for "abstract_id".
        public var abstract: String?
        /// The column of the sentence's position in its abstract, a whole number; `nil` for "sentence_id", or for the
        /// order of the rows if there is no such column.
        public var order: String?

        /// Creates columns with the names used on the Hugging Face hub, except those given.
        public init(text: String? = nil, label: String? = nil, abstract: String? = nil, order: String? = nil) {
            self.text = text
            self.label = label
            self.abstract = abstract
            self.order = order
        }
    }

    /// The format of all files; `nil` to detect it from each file's name and first bytes.
    public var format: Format?
    /// The columns of tables of sentences.
    public var columns = Columns()
    /// The layout of CSV files.
    public var layout = CSVLayout()
    /// The names of the labels.
    public var labels = LabelNames()
    /// The number of times that an epoch reads each abstract of a file, by the file's path; 1 for other files. With a
    /// fractional weight, that fraction of the epochs reads an abstract once more.
    public var weights: [String: Double] = [:]

    /// Creates a reader with the default columns, layout and label names.
    public init(format: Format? = nil) {
        self.format = format
    }

    /// Reads files one after the other as one training corpus.
    ///
    /// - Parameter paths: The paths of the files; "-" is standard input.
    /// - Returns: The abstracts. Blank sentences and abstracts without sentences are skipped and counted.
    /// - Throws: `CorpusError`, with the file and line, if a file cannot be read, a line violates the format, two
    ///   abstracts have the same id, or there are no abstracts.
    public func read(_ paths: [String]) throws(CorpusError) -> TrainingCorpus<TrainingAbstract> {
        var collection = CorpusCollection<TrainingAbstract>()
        for path in paths { try read(file(path), into: &collection) }
        return try collection.corpus()
    }

    /// Reads the bytes of one file as a training corpus.
    ///
    /// - Parameters:
    ///   - bytes: The bytes of the file, which may be compressed with gzip.
    ///   - name: The name of the file, used in error messages and to detect the format.
    /// - Returns: The abstracts. Blank sentences and abstracts without sentences are skipped and counted.
    /// - Throws: `CorpusError`, with the line, if a line violates the format, two abstracts have the same id, or there
    ///   are no abstracts.
    public func read(_ bytes: [UInt8], name: String) throws(CorpusError) -> TrainingCorpus<TrainingAbstract> {
        var collection = CorpusCollection<TrainingAbstract>()
        try read(CorpusFile(name: name, stored: bytes), into: &collection)
        return try collection.corpus()
    }

    /// Reads a file for evaluation: abstracts with their whole text. In formats that hold only sentences, the text is
    /// the sentences joined by one space.
    ///
    /// - Parameter file: The file. Ids may repeat if it holds JSON lines of abstracts.
    /// - Returns: The abstracts. In formats that hold only sentences, blank sentences and abstracts without sentences
    ///   are skipped and counted.
    /// - Throws: `CorpusError`, with the file and line, if a line violates the format or there are no abstracts.
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

    /// Reads JSON lines of abstracts without labels, `{"text": …}` each, and splits them into sentences as the service
    /// does.
    ///
    /// - Parameter paths: The paths of the files; "-" is standard input.
    /// - Returns: Abstracts whose sentences have no label.
    /// - Throws: `CorpusError`, with the file and line, if a file cannot be read, a line violates the format, two
    ///   abstracts have the same id, or there are no abstracts.
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
                "cannot tell the format from the file name or its first lines; expected ###id lines, JSON lines, or a file name that ends in .csv or .tsv. Pass --format with one of: \(Format.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
    }

    /// The columns in the order that `SentenceTable` expects.
    private var tableColumns: [CorpusColumn] {
        [
            CorpusColumn(columns.text, else: ["text", "sentence"], purpose: "the sentence", option: "--text-column"),
            CorpusColumn(columns.label, else: ["label"], purpose: "the label", option: "--label-column"),
            CorpusColumn(columns.abstract, else: ["abstract_id"], purpose: "the abstract's id", option: "--id-column"),
            CorpusColumn(
                columns.order, else: ["sentence_id"], purpose: "the sentence's position", option: "--order-column",
                isRequired: false),
        ]
    }
}
