public import Evaluation
import JSON

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

    /// Reads files one after the other, as one corpus.
    ///
    /// - Parameter paths: "-" is standard input.
    /// - Returns: The abstracts; those without sentences, and blank sentences, are left out and counted.
    /// - Throws: `CorpusError` naming file and line: a file that cannot be read, a line that breaks its format, an id
    ///   that two abstracts have, no abstract at all.
    public func read(_ paths: [String]) throws(CorpusError) -> TrainingCorpus<TrainingAbstract> {
        var collection = AbstractCollection()
        for path in paths { try read(content(path), into: &collection) }
        return try collection.corpus()
    }

    /// Reads JSON lines of abstracts without labels, `{"text": …}` each, divided into sentences as the service does it.
    ///
    /// - Parameter paths: "-" is standard input.
    /// - Returns: Abstracts whose sentences have no label.
    /// - Throws: As ``read(_:)``.
    public func readUnlabelled(_ paths: [String]) throws(CorpusError) -> TrainingCorpus<TrainingAbstract> {
        var collection = AbstractCollection()
        for path in paths {
            let content = try content(path)
            collection.begin(content.source)
            try readUnlabelled(content, into: &collection)
        }
        return try collection.corpus()
    }

    private func content(_ path: String) throws(CorpusError) -> CorpusContent {
        var content = try CorpusContent(path: path)
        content.source.weight = weights[path] ?? 1
        return content
    }

    /// Reads the bytes of one file.
    ///
    /// - Parameters:
    ///   - bytes: Perhaps compressed by gzip.
    ///   - name: The file's name, for errors and for telling the format.
    /// - Returns: As ``read(_:)``.
    /// - Throws: As ``read(_:)``.
    public func read(_ bytes: [UInt8], name: String) throws(CorpusError) -> TrainingCorpus<TrainingAbstract> {
        var collection = AbstractCollection()
        try read(CorpusContent(name: name, stored: bytes), into: &collection)
        return try collection.corpus()
    }

    private func read(_ content: CorpusContent, into collection: inout AbstractCollection) throws(CorpusError) {
        collection.begin(content.source)
        switch try format(of: content) {
        case .pubMedRCT: try readPubMedRCT(content, into: &collection)
        case .jsonLines: try readCorpusAbstracts(content, into: &collection)
        case .sentenceJSONLines:
            var rows = JSONRows(content, columns: tableColumns)
            var table = SentenceTable(labels: labels, file: content.name)
            while let row = try rows.next() { try table.add(row) }
            try table.finish(into: &collection)
        case .sentenceCSV:
            var rows = try CSVRows(content, layout: layout, columns: tableColumns)
            var table = SentenceTable(labels: labels, file: content.name)
            while let row = try rows.next() { try table.add(row) }
            try table.finish(into: &collection)
        }
    }

    private func format(of content: CorpusContent) throws(CorpusError) -> Format {
        if let format { return format }
        switch CorpusFileKind(content) {
        case .pubMedRCT: return .pubMedRCT
        case .commaSeparated, .tabSeparated: return .sentenceCSV
        case .jsonLines: return Self.hasWholeAbstracts(content) ? .jsonLines : .sentenceJSONLines
        case .jsonArray: throw CorpusFileKind.arrayError(content)
        case nil:
            throw CorpusError(
                file: content.name,
                "this is no format of abstracts that can be told by the file's name or beginning; expected ###id lines, JSON lines, or a name in .csv or .tsv. Name the format: \(Format.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
    }

    /// Whether the first line's object has the sentences of an abstract.
    private static func hasWholeAbstracts(_ content: CorpusContent) -> Bool {
        guard let line = content.lines.first(where: { !$0.isBlank }) else { return false }
        var json = JSONReader(Array(line.bytes))
        var found = false
        // Where the line is broken, the reader of the format says so.
        try? json.object { (json, name) throws(JSONSyntaxError) in
            found = found || name == "sentences"
            try json.skipValue()
        }
        return found
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
