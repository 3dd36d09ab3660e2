import ArgumentParser
import Checkpoint
import Console
import Labelling
import Model
import Serving
import Text

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Describe a checkpoint, or explain why it cannot be used.")

    @Argument(help: "Directory of the checkpoint.")
    var directory: String

    @Flag(help: "List every tensor.")
    var tensors = false

    func run() throws {
        do {
            let files = try CheckpointDirectory(path: directory)
            let labeller = try Labeller(files)
            let store = try files.tensors()
            for (name, value) in Self.facts(labeller, store) {
                Terminal.print(line: name.padding(to: 14) + value)
            }
            guard tensors else { return }
            for tensor in store.tensors {
                Terminal.print(line: "  \(tensor.elementType.rawValue.padding(to: 5))\(tensor.shape)  \(tensor.name)")
            }
        } catch {
            Terminal.complain("the checkpoint \(directory) cannot be used: \(error)")
            throw ExitCode.checkpoint
        }
    }

    private static func facts(_ labeller: Labeller, _ store: TensorStore) -> [(String, String)] {
        let configuration = labeller.model.configuration
        let options = labeller.tokenizer.options
        let parameters = store.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
        let types = Dictionary(grouping: store.tensors, by: \.elementType.rawValue).map { "\($0) \($1.count)" }.sorted()
        let task =
            switch configuration.task {
            case .sequenceLabelling: "label the sentences of an abstract together (encoder, head, CRF)"
            case .singleLabelClassification:
                "give a sentence or text one label (BertForSequenceClassification, softmax)"
            case .multiLabelClassification: "give a text any number of labels (BertForSequenceClassification, sigmoid)"
            }
        var facts = [
            ("name", configuration.name ?? "none"),
            ("task", task),
            ("labels", labeller.labels.joined(separator: ", ")),
            (
                "encoder",
                "BERT, \(configuration.layers) layers, width \(configuration.width), \(configuration.heads) heads of \(configuration.width / configuration.heads), intermediate \(configuration.intermediateWidth), \(configuration.activation)"
            ),
            (
                "windows",
                "\(configuration.windowPieces) tokens\(configuration.windowsOverlap ? ", overlapping" : ""); at most \(configuration.sentencePieces) of a sentence"
            ),
            ("vocabulary", "\(labeller.tokenizer.vocabulary.count) tokens, \(options.lowercase ? "uncased" : "cased")"),
            ("parameters", "\(parameters) in \(store.count) tensors (\(types.joined(separator: ", ")))"),
            ("file", "\(store.path), \(store.format)"),
        ]
        if configuration.temperature != 1 { facts.append(("temperature", "\(configuration.temperature)")) }
        if configuration.task == .multiLabelClassification {
            let pairs = zip(labeller.labels, labeller.thresholds.values).map { "\($0) \($1)" }
            facts.append(("thresholds", pairs.joined(separator: ", ")))
        }
        return facts
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self + " "
    }
}
