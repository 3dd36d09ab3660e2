import Checkpoint
import Corpora
import FoundationEssentials
import TestSupport
import Testing

@Suite("Readers of abstracts")
struct AbstractReaderTests {
    static let asked = [
        TrainingAbstract("x1", "BACKGROUND: Foxes are shy.", "METHODS: We asked foxes."),
        TrainingAbstract("7", "RESULTS: None \"spoke\"."),
    ]

    static let read: [(format: String, name: String, content: String, abstracts: [TrainingAbstract])] = [
        (
            "PubMed RCT", "train.txt", Samples.pubMedRCT,
            [
                TrainingAbstract(
                    "101", "BACKGROUND: Owls are seldom counted at dawn .",
                    "METHODS: We counted 12 owls in 3.5 hours .", "RESULTS: Ten of 12 owls slept ( 83.3 % ) ."),
                TrainingAbstract(
                    "102", "OBJECTIVE: To learn whether foxes prefer plums .", "CONCLUSIONS: Foxes like plums ."),
            ]
        ),
        (
            "PubMed RCT without blank lines", "x", "###1\nRESULTS\tA\tb.\n###2\nRESULTS\tC.",
            [TrainingAbstract("1", "RESULTS: A\tb."), TrainingAbstract("2", "RESULTS: C.")]
        ),
        (
            "JSON lines of abstracts", "dev.jsonl", Samples.corpus,
            [
                TrainingAbstract("a", "BACKGROUND: Owls été 🦉 sleep.", "METHODS: We looked."),
                TrainingAbstract("b", "RESULTS: Plums fell."),
            ]
        ),
        ("JSON lines of sentences", "hub.jsonl", Samples.sentenceJSONLines, asked),
        ("JSON lines without extension", "hub", Samples.sentenceJSONLines, asked),
        (
            "CSV of sentences", "hub.csv", Samples.sentenceCSV,
            [
                TrainingAbstract("x1", "BACKGROUND: Foxes are shy.", "METHODS: We asked, politely, \"foxes\"."),
                TrainingAbstract("7", "RESULTS: None\nspoke."),
            ]
        ),
        (
            "TSV of sentences without places", "hub.tsv", "abstract_id\tlabel\ttext\n1\tx\tA, b.\n2\tx\tC.\n1\ty\tD.\n",
            [TrainingAbstract("1", "x: A, b.", "y: D."), TrainingAbstract("2", "x: C.")]
        ),
    ]

    @Test("Every format is read with LF or CRLF, with a byte order mark, and compressed", arguments: read)
    func formats(format: String, name: String, content: String, abstracts: [TrainingAbstract]) throws {
        let reader = AbstractReader()
        let corpus = try reader.read(content.bytes, name: name)
        #expect(corpus.items == abstracts)
        #expect(corpus.omissions.isEmpty)
        #expect(try reader.read([0xEF, 0xBB, 0xBF] + content.bytes, name: name).items == abstracts)
        #expect(try reader.read(GzipBytes.stored(content.bytes), name: name + ".gz").items == abstracts)
        // Compression is detected from the content, whatever the file is called.
        #expect(try reader.read(GzipBytes.stored(content.bytes), name: name).items == abstracts)
        let carriageReturned = content.split(separator: "\n", omittingEmptySubsequences: false).joined(
            separator: "\r\n")
        let again = try reader.read(carriageReturned.bytes, name: name).items
        #expect(again.map(\.id) == abstracts.map(\.id))
        // A line break inside a quoted field belongs to the text and is kept.
        #expect(
            again.flatMap(\.sentences).count { $0.text.utf8.contains(13) } == (format == "CSV of sentences" ? 1 : 0))
    }

    @Test("Numbered labels and other column names are read")
    func columns() throws {
        var reader = AbstractReader(format: .sentenceCSV)
        reader.layout = CSVLayout(delimiter: ";", hasHeader: false)
        reader.columns = .init(text: "3", label: "2", abstract: "1", order: "4")
        reader.labels = LabelNames(["A", "B"], firstNumber: 1)
        let corpus = try reader.read("p;2;Last.;2\np;1;First.;1\nq;B;Only.;-5".bytes, name: "x")
        #expect(corpus.items == [TrainingAbstract("p", "A: First.", "B: Last."), TrainingAbstract("q", "B: Only.")])
    }

    @Test("JSON members can have other names, and the first of two default names is used")
    func members() throws {
        var reader = AbstractReader(format: .sentenceJSONLines)
        reader.columns = .init(label: "target", abstract: "pmid")
        reader.labels = LabelNames(["A", "B"])
        let line = #"{"sentence": "No.", "pmid": 3, "target": 1, "text": "Yes.", "label": {}}"#
        #expect(try reader.read(line.bytes, name: "x").items == [TrainingAbstract("3", "B: Yes.")])
    }

    @Test("The case of roles is ignored, and other labels are kept unchanged")
    func roles() throws {
        let reader = AbstractReader()
        let corpus = try reader.read("###1\nMethods\tA.\nConclusion\tB.\nresults \tC.\nﬁt\tD.".bytes, name: "x")
        #expect(corpus.items.first?.sentences.flatMap(\.labels) == ["METHODS", "Conclusion", "RESULTS", "ﬁt"])
    }

    @Test("Blank sentences and empty abstracts are skipped and counted")
    func omissions() throws {
        let corpus = try AbstractReader().read("###1\nA\t \nA\tx\n\n###2\n\n###3\nB\t\n".bytes, name: "x")
        #expect(corpus.items == [TrainingAbstract("1", "A: x")])
        #expect(corpus.omissions.blankTexts == 2)
        #expect(corpus.omissions.emptyAbstracts == 2)
        #expect(corpus.omissions.description == "skipped 2 blank sentences or texts and 2 abstracts without sentences")
    }

    static let faults: [(what: String, name: String, content: String, says: [String])] = [
        ("an empty file", "x.txt", "", ["x.txt", "is empty"]),
        ("blank lines only", "x.csv", "\n \n", ["x.csv", "line 2"]),
        ("no sentence", "x.txt", "###1\n\n###2\n", ["x.txt", "found none"]),
        ("a sentence before any id", "x", "\n###1\nA\tb.\n\nA\tc.\n", ["line 5", "###id"]),
        ("a line without a tab", "x", "###1\nA\tb.\nB c.\n", ["line 3", "\"B c.\"", "tab"]),
        ("a sentence without a label", "x", "###1\n\tb.\n", ["line 2", "label"]),
        ("an abstract without an id", "x", "###  \nA\tb.", ["line 1", "id"]),
        ("an id twice", "x", "###1\nA\tb.\n\n###1\nA\tc.", ["line 4", "line 1", "\"1\""]),
        ("broken JSON", "x.jsonl", "\n{\"abstract_id\": \"1\",\n", ["line 2", "column"]),
        ("a member missing", "x.jsonl", "{\"abstract_id\": 1, \"text\": \"a\"}", ["line 1", "\"label\""]),
        (
            "null for a label", "x.jsonl", "{\"abstract_id\": 1, \"text\": \"a\", \"label\": null}",
            ["line 1", "\"label\""]
        ),
        ("a list for a text", "x.jsonl", "{\"abstract_id\": 1, \"text\": [\"a\"], \"label\": 1}", ["line 1", "list"]),
        ("one JSON array", "x.jsonl", " [{}]", ["x.jsonl", "array", "jq"]),
        ("a span outside the text", "x.jsonl", Samples.corpus.replacing("17", with: "99"), ["line 1", "from 0 to 99"]),
        ("an id twice, as JSON", "x.jsonl", Samples.corpus.replacing("\"b\"", with: "\"a\""), ["line 3", "line 1"]),
        ("a column missing", "x.csv", "id,label,text\n1,A,b", ["line 1", "abstract_id", "\"id\""]),
        ("a row too short", "x.csv", "abstract_id,label,text\n1,A,b\n\n2,A\n", ["line 4", "3 columns", "found 2"]),
        ("an open quotation", "x.csv", "abstract_id,label,text\n1,A,b\n2,A,\"\nc", ["line 3", "never ends"]),
        ("an unquoted quotation", "x.csv", "abstract_id,label,text\n1,A,\"b\nc\" d\n", ["line 2", "line 3", "\" d"]),
        (
            "a position that is not a number", "x.csv", Samples.sentenceCSV.replacing("x1,0", with: "x1,a"),
            ["line 3", "\"a\""]
        ),
        (
            "a repeated position", "x.csv", Samples.sentenceCSV.replacing("x1,0", with: "x1,1"),
            ["line 3", "line 2", "position 1"]
        ),
        (
            "a missing position", "x.jsonl", Samples.sentenceJSONLines.replacing(", \"sentence_id\": 1", with: ""),
            ["line 1", "x1"]
        ),
        ("an unknown format", "x.txt", "Owls sleep.", ["x.txt", "pubmed-rct", "sentence-csv"]),
        ("a Git LFS pointer", "x.txt", "version https://git-lfs.github.com/spec/v1\n", ["git lfs pull"]),
    ]

    @Test("Errors name the file and line", arguments: faults)
    func refused(what: String, name: String, content: String, says: [String]) throws {
        let error = #expect(throws: CorpusError.self) { try AbstractReader().read(content.bytes, name: name) }
        let description = try #require(error).description
        for part in [name] + says { #expect(description.contains(part), "\(description)") }
    }

    @Test("The error for an unknown label names it")
    func unknownLabel() throws {
        var reader = AbstractReader()
        reader.labels = LabelNames(["A", "B"], firstNumber: .max)
        let error = #expect(throws: CorpusError.self) { try reader.read("###1\nA\tb.\n0\tc.".bytes, name: "x") }
        #expect(try #require(error).description.contains("x, line 3: expected one of the labels A, B"))
    }

    @Test("Several files form one corpus, in which ids are unique")
    func files() throws {
        let directory = try TemporaryDirectory()
        let paths = ["a.txt", "b.jsonl.gz", "c.txt"].map { directory.url.appending(path: $0).path() }
        try Data(Samples.pubMedRCT.utf8).write(to: URL(filePath: paths[0]))
        try Data(GzipBytes.stored(Samples.corpus.bytes)).write(to: URL(filePath: paths[1]))
        try Data("\n###a\nA\tb.".utf8).write(to: URL(filePath: paths[2]))
        let corpus = try AbstractReader().read([paths[0], paths[1]])
        #expect(corpus.items.map(\.id) == ["101", "102", "a", "b"])
        #expect(corpus.sources.map(\.name) == [paths[0], paths[1]])
        #expect(corpus.sources[1].byteCount == Samples.corpus.utf8.count)
        #expect(corpus.sources[1].sha256 == SHA256.hexadecimal(of: Samples.corpus.bytes))
        let error = #expect(throws: CorpusError.self) { try AbstractReader().read(paths) }
        let description = try #require(error).description
        #expect(description.hasPrefix("\(paths[2]), line 2: ") && description.contains("line 1 of \(paths[1])"))
    }

    @Test("The error for an unreadable path names it", arguments: ["/nowhere/at.all", "/", "a\0b"])
    func unreadable(path: String) throws {
        let error = #expect(throws: CorpusError.self) { try AbstractReader().read([path]) }
        #expect(try #require(error).description.contains(path == "a\0b" ? "NUL" : path + ": cannot read"))
    }

    @Test("The shared corpus is read completely in less than 20 seconds", .enabled(if: Locations.shared != nil))
    func shared() throws {
        let directory = try #require(Locations.shared).appending(path: "corpus")
        let start = ContinuousClock.now
        let corpus = try AbstractReader().read([directory.appending(path: "train.jsonl.gz").path()])
        let duration = ContinuousClock.now - start
        #expect(corpus.items.count == 12_056)
        #expect(corpus.items.reduce(0) { $0 + $1.sentences.count } == 152_967)
        let inventory = try LabelInventory(corpus.items)
        #expect(inventory.names == ["BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS"])
        #expect(inventory.counts == [21_201, 8_930, 44_399, 51_577, 26_860])
        #expect(duration < .seconds(20), "took \(duration)")
    }

    @Test("A sentence may have several labels, and each abstract has the weight of its file")
    func severalLabels() throws {
        let directory = try TemporaryDirectory()
        let file = directory.url.appending(path: "mixed.jsonl")
        let line =
            #"{"id":"x","text":"One. Two.","sections":[],"sentences":[{"label":"Methods","start":0,"end":4},{"labels":["methods","RESULTS","RESULTS"],"start":5,"end":9}]}"#
        try Data(line.utf8).write(to: file)
        var reader = AbstractReader()
        reader.weights = [file.path(): 2.5]
        let corpus = try reader.read([file.path()])
        #expect(corpus.items.map { $0.sentences.map(\.labels) } == [[["METHODS"], ["METHODS", "RESULTS"]]])
        #expect(corpus.items.map(\.weight) == [2.5] && corpus.sources.map(\.weight) == [2.5])
    }

    @Test("Unlabelled abstracts are split into sentences without their headings")
    func unlabelled() throws {
        let directory = try TemporaryDirectory()
        let file = directory.url.appending(path: "texts.jsonl")
        try Data(
            #"""
            {"text":"METHODS: Owls were counted. RESULTS: They slept."}

            {"id":7,"abstract":"Foxes are shy."}
            """#.utf8
        ).write(to: file)
        let items = try AbstractReader().readUnlabelled([file.path()]).items
        #expect(items.map(\.id) == ["texts.jsonl#1", "7"])
        #expect(items.map { $0.sentences.map(\.text) } == [["Owls were counted.", "They slept."], ["Foxes are shy."]])
        #expect(items.allSatisfy { $0.sentences.allSatisfy(\.labels.isEmpty) })
    }
}
