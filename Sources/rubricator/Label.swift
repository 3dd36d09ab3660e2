import ArgumentParser
import Console
import Labelling
import Serving

struct Label: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Label the sentences of abstracts in files or on standard input.",
        discussion: """
            A file holds one abstract. A file whose name ends in .jsonl holds one abstract on each line: a string, or an object \
            with "text" or "sentences" and optionally "id".

            On a terminal, every sentence is coloured by its label. In a pipe, each line has the label, the confidence and the \
            sentence, separated by tabs, after the name of the file if there are several.
            """)

    @OptionGroup var model: ModelOptions

    @Flag(help: "Print one line of JSON for each abstract, in the format of /predict.")
    var json = false

    @Flag(help: "Print throughput and time to standard error at the end.")
    var timing = false

    @Option(help: "Whether to print in colour.")
    var color = ColourChoice.auto

    @Argument(help: "Files to label; without any, or for \"-\", standard input.")
    var files: [String] = []

    /// The number of abstracts that run together: enough to fill batches, few enough that output appears soon.
    private static let together = 64

    func run() async throws {
        let environment = Environment()
        let labeller = try await model.sentenceLabeller(environment)
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
