import ArgumentParser
import Console
import Labelling
import Serving

struct Label: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Labels the sentences of abstracts in files or on standard input.",
        discussion: """
            A file is one abstract, or one abstract a line where its name ends in .jsonl: a string, or an object with \
            "text" or "sentences" and perhaps "id".

            On a terminal every sentence is coloured by its role. Piped, there is a line for every sentence: label, \
            confidence and sentence between tabs, the file's name in front where there are several files.
            """)

    @OptionGroup var model: ModelOptions

    @Flag(help: "Print one JSON object a line for every abstract, as /predict answers.")
    var json = false

    @Flag(help: "Say at the end how much was labelled and how long it took, on standard error.")
    var timing = false

    @Option(help: "Colour: auto, always or never.")
    var color = ColourChoice.auto

    @Argument(help: "Files; standard input where there are none, or for \"-\".")
    var files: [String] = []

    /// Abstracts that are run together: enough to fill batches, few enough that output flows.
    private static let together = 64

    func run() async throws {
        let environment = Environment()
        let labeller = try await model.labeller(environment)
        guard labeller.labelsSentences else {
            Terminal.complain("this checkpoint labels whole texts, not the sentences of abstracts.")
            throw ExitCode.checkpoint
        }
        let headings = try model.running.headingPolicy(environment)
        let engine = Engine(labeller, threads: try model.running.threadCount(environment))
        let names = files.isEmpty ? ["-"] : files
        let style = LabelStyle(labels: labeller.labels, json: json, colour: color.isOn, namesFiles: names.count > 1)
        var times = LabelTimes()
        var failed = false
        var waiting: [(InputAbstract, PreparedAbstract)] = []
        func flush() {
            let results = times.measure(waiting.map(\.1)) { engine.label($0) }
            for ((input, _), labelled) in zip(waiting, results) {
                Terminal.print(style.bytes(labelled, from: input))
            }
            waiting.removeAll(keepingCapacity: true)
        }
        for name in names {
            do {
                var inputs = try InputAbstracts(file: name)
                while let input = try inputs.next() {
                    switch input.content {
                    case .failure(let failure):
                        Terminal.complain("\(input.place): \(failure)")
                        failed = true
                    case .success(let content):
                        waiting.append((input, try labeller.prepare(content.abstract(labeller), headings: headings)))
                        if waiting.count == Self.together { flush() }
                    }
                }
            } catch {
                Terminal.complain("\(error)")
                failed = true
            }
        }
        flush()
        if timing { Terminal.complain("\(times)") }
        if failed { throw ExitCode.input }
    }
}

extension PredictRequest.Item.Content {
    fileprivate func abstract(_ labeller: Labeller) -> Abstract {
        switch self {
        case .text(let text): labeller.abstract(text)
        case .sentences(let sentences): Abstract(sentences: sentences)
        }
    }
}
