import Corpora
import FoundationEssentials
import TestSupport
import Testing

@Suite("Readers of texts")
struct TextReaderTests {
    @Test("Text columns are joined and cells with several labels are split")
    func titlesAndAbstracts() throws {
        var reader = TextReader()
        reader.textColumns = ["title", "abstract"]
        reader.textSeparator = ". "
        reader.labelColumn = "group"
        reader.labelSeparator = "|"
        let texts = try reader.read(Samples.textCSV.bytes, name: "x.csv").items
        #expect(
            texts == [
                TrainingText(
                    id: "x.csv:2", text: "Owls, mostly. They \"sleep\"\nby day.", labels: ["birds", "night"]),
                TrainingText(id: "x.csv:4", text: "Foxes. They are shy.", labels: ["mammals"]),
                TrainingText(id: "x.csv:6", text: "Plums. They fall.", labels: []),
            ])
    }

    @Test("Files in the format of AG News are read: no header and numbered labels")
    func withoutHeader() throws {
        var reader = TextReader()
        reader.layout.hasHeader = false
        reader.textColumns = ["2", "3"]
        reader.labelColumn = "1"
        reader.labels = LabelNames(["World", "Sports"], firstNumber: 1)
        let content = "\"2\",\"Owls win\",\"They beat \"\"foxes\"\".\"\r\n\"1\",\"Rain\",\"\"\r\n\"1\",\"\",\" \"\r\n"
        let corpus = try reader.read(content.bytes, name: "news.csv")
        #expect(
            corpus.items == [
                TrainingText(id: "news.csv:1", text: "Owls win They beat \"foxes\".", labels: ["Sports"]),
                TrainingText(id: "news.csv:2", text: "Rain", labels: ["World"]),
            ])
        #expect(corpus.omissions.blankTexts == 1)
    }

    @Test("JSON lines may have one or several labels, as names or numbers")
    func jsonLines() throws {
        var reader = TextReader()
        reader.labels = LabelNames(["calm", "shy"])
        let texts = try reader.read(GzipBytes.stored(Samples.textJSONLines.bytes), name: "x").items
        #expect(texts.map(\.text) == ["Owls sleep.", "Foxes hide.", "Plums fall."])
        #expect(texts.map(\.labels) == [["shy"], ["shy", "calm"], []])
    }

    @Test(
        "Records are split as in RFC 4180 and as spreadsheets write them",
        arguments: [
            ("a lone quotation mark", "text,label\n5\" nail,x\n", ["5\" nail"]),
            ("CR alone", "text,label\ra,x\r\rb,y", ["a", "b"]),
            ("empty quotes beside others", "text,label\n\"\"\"\",x\n\"a\"\"\",x", ["\"", "a\""]),
            ("CRLF within quotes", "text,label\r\n\"a\r\nb\",x\r\n", ["a\r\nb"]),
            ("spaces kept", "text , label\n a ,x\n", [" a "]),
            ("non-ASCII text", "label,text\nx,naïve 🦉 \u{2028}\n", ["naïve 🦉 \u{2028}"]),
        ])
    func records(what: String, content: String, texts: [String]) throws {
        #expect(try TextReader().read(content.bytes, name: "x.csv").items.map(\.text) == texts)
    }

    @Test("Ids are read from the chosen column")
    func ids() throws {
        var reader = TextReader()
        reader.idColumn = "pmid"
        let texts = try reader.read("pmid,text,label\n 9,a,x\n8,b,y\n".bytes, name: "x.csv").items
        #expect(texts.map(\.id) == ["9", "8"])
        let error = #expect(throws: CorpusError.self) {
            try reader.read("pmid,text,label\n9,a,x\n\n9,b,y\n".bytes, name: "x.csv")
        }
        #expect(try #require(error).description.contains("x.csv, line 4: the text's id \"9\""))
    }

    static let faults: [(what: String, name: String, content: String, says: [String])] = [
        ("no header", "x.csv", "3,Owls,Sleep\n", ["line 1", "\"label\" or \"labels\"", "\"Owls\"", "header"]),
        ("no label in a cell", "x.csv", "text,label\na,\n", ["line 2", "label"]),
        ("a repeated label", "x.jsonl", "{\"text\": \"a\", \"labels\": [0, 1, 0]}", ["line 1", "\"0\"", "twice"]),
        ("a fraction", "x.jsonl", "{\"text\": \"a\", \"label\": 1.5}", ["line 1", "fraction"]),
        ("an object", "x.jsonl", "{\"text\": \"a\", \"label\": {}}", ["line 1", "string"]),
        ("no rows", "x.csv", "text,label\n", ["found none"]),
        ("abstracts", "x.txt", "###1\nA\tb.", ["abstracts"]),
        ("only blank texts", "x.csv", "text,label\n ,a\n", ["found none"]),
    ]

    @Test("Errors name the file and line", arguments: faults)
    func refused(what: String, name: String, content: String, says: [String]) throws {
        let error = #expect(throws: CorpusError.self) { try TextReader().read(content.bytes, name: name) }
        let description = try #require(error).description
        for part in [name] + says { #expect(description.contains(part), "\(description)") }
    }

    @Test("A delimiter that cannot separate columns is refused", arguments: ["\"", "\n", "é"] as [Unicode.Scalar])
    func delimiter(scalar: Unicode.Scalar) {
        var reader = TextReader(format: .csv)
        reader.layout.delimiter = scalar
        #expect(throws: CorpusError.self) { try reader.read("text,label\na,b".bytes, name: "x") }
    }

    @Test("Sentences of abstracts can be read as texts")
    func sentences() {
        let texts = TrainingText.sentences(of: [
            TrainingAbstract("p", "A: One 1.", "B: Two.", "B: Three."), TrainingAbstract("q", "A: Alone."),
        ])
        #expect(
            texts == [
                TrainingText(id: "p#1", text: "One 1.", labels: ["A"], position: 0),
                TrainingText(id: "p#2", text: "Two.", labels: ["B"], position: 0.5),
                TrainingText(id: "p#3", text: "Three.", labels: ["B"], position: 1),
                TrainingText(id: "q#1", text: "Alone.", labels: ["A"], position: 0),
            ])
        #expect(texts.first?.maskingNumbers().text == "One @.")
    }

    @Test("The shared files are read completely", .enabled(if: Locations.shared != nil))
    func shared() throws {
        let directory = try #require(Locations.shared).appending(path: "corpus")
        var news = TextReader()
        news.layout.hasHeader = false
        news.textColumns = ["2", "3"]
        news.labelColumn = "1"
        let articles = try news.read([directory.appending(path: "ag_news_test.csv").path()]).items
        #expect(articles.count == 7_600)
        let inventory = try LabelInventory(articles)
        #expect(inventory.names == ["1", "2", "3", "4"] && inventory.counts == [1_900, 1_900, 1_900, 1_900])
        var medical = TextReader()
        medical.textColumns = ["title", "abstract"]
        medical.labelColumn = "group"
        medical.labelSeparator = "|"
        let papers = try medical.read([directory.appending(path: "medical_groups.csv").path()]).items
        #expect(papers.count == 3_565)
        #expect(
            try Set(LabelInventory(papers).names) == ["cardiovascular", "neurological", "hepatorenal", "oncological"])
    }
}
