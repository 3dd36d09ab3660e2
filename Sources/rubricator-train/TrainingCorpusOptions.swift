import ArgumentParser
import Corpora
import CorpusOptions
import MLflow
import RunTracking
import Runs
import Tracking

/// How the corpus files of a training run are read, and how often.
struct TrainingCorpusOptions: ParsableArguments {
    @OptionGroup var files: CorpusOptions

    @Option(
        help: ArgumentHelp(
            "Number of times each epoch reads the abstracts of a training file; with 2.5, each is read two or three times at random (default: 1). Repeat it for several files.",
            valueName: "file=number"))
    var weight: [String] = []

    /// The label names that `--labels` gives; `nil` where it is absent.
    var labelNames: [String]? { files.labelNames }

    /// The given options as a run's params. The labels are left out, as every run records them itself.
    var params: [KeyValue] {
        let weights = weight.isEmpty ? [] : [(option: "--weight", value: weight.joined(separator: ","))]
        return (files.given + weights).map { KeyValue(option: $0.option, $0.value) }
    }

    /// Reads files to learn from, with their weights, and perhaps abstracts without labels.
    func readTraining(_ paths: [String], unlabelled: [String] = [], for task: TrainingTask) throws -> LabelledCorpus {
        var weights: [String: Double] = [:]
        for text in weight {
            guard let split = text.lastIndex(of: "="), let number = Double(text[text.index(after: split)...]),
                number > 0, number <= 1_000
            else {
                throw ValidationError(
                    "--weight is \"\(text)\"; expected a training file, = and a number above 0 and at most 1000, such "
                        + "as train.jsonl=2.")
            }
            let path = String(text[..<split])
            guard paths.contains(path) || unlabelled.contains(path) else {
                throw ValidationError(
                    "--weight names \(path), which is not a training file; pass the same path as in --train or "
                        + "--unlabelled.")
            }
            guard weights.updateValue(number, forKey: path) == nil else {
                throw ValidationError("--weight names \(path) twice; give one weight for each file.")
            }
        }
        guard task == .sequenceLabelling || weights.isEmpty && unlabelled.isEmpty else {
            throw ValidationError("--weight and --unlabelled need --task sequence-labelling.")
        }
        let corpus = try files.read(paths, for: task, weights: weights)
        guard !unlabelled.isEmpty else { return corpus }
        var reader = AbstractReader()
        reader.weights = weights
        return corpus.adding(try reader.readUnlabelled(unlabelled))
    }

    /// Reads files to measure on.
    func read(_ paths: [String], for task: TrainingTask) throws -> LabelledCorpus {
        try files.read(paths, for: task)
    }
}

extension CorpusOptions {
    /// Reads files as a task wants them.
    ///
    /// - Parameters:
    ///   - paths: The files.
    ///   - task: The task, which learns from abstracts or from texts.
    ///   - weights: How many times an epoch reads each abstract of a file, by the file's path.
    /// - Returns: The corpus.
    /// - Throws: `ValidationError` naming an option, or `CorpusError` naming file and line.
    func read(
        _ paths: [String], for task: TrainingTask, weights: [String: Double] = [:]
    ) throws -> LabelledCorpus {
        guard task.readsAbstracts else {
            return .texts(try textReader(severalLabels: task == .multiLabelText).read(paths))
        }
        var reader = try abstractReader()
        reader.weights = weights
        return .abstracts(try reader.read(paths))
    }
}
