import Checkpoint
import Corpora
import Evaluation
import FoundationEssentials
import Labelling
import Runs
import TestSupport
import Testing
import Training

@Suite("Calibration of a checkpoint")
struct CalibrationTests {
    /// Trains a tiny checkpoint and returns its path. It is overconfident if every fifth label is wrong.
    private func checkpoint(in directory: TemporaryDirectory) throws -> String {
        var recipe = TinyRun.recipe
        recipe.epochs = 6
        _ = try TinyRun.weights(TinyRun.job(recipe), in: directory)
        return directory.url.appending(path: "run").path()
    }

    private var doubtful: LabelledCorpus {
        var abstracts = TinyRun.abstracts(40, seed: 7)
        var place = 0
        for index in abstracts.indices {
            for sentence in abstracts[index].sentences.indices {
                place += 1
                if place.isMultiple(of: 5) { abstracts[index].sentences[sentence].labels = ["METHODS"] }
            }
        }
        return TinyRun.corpus(abstracts)
    }

    private func labels(_ path: String) throws -> (labels: [Int], confidences: [Double]) {
        let labeller = try Labeller(CheckpointDirectory(path: path))
        let prepared = try TinyRun.abstracts(5, seed: 8).map {
            try labeller.prepare(Abstract(sentences: $0.sentences.map(\.text)), headings: .ignore)
        }
        let sentences = Engine(labeller, threads: 1).label(prepared).flatMap(\.sentences)
        return (sentences.map(\.label), sentences.map(\.confidence))
    }

    @Test("The temperature lowers the calibration error and changes neither the labels nor the rest of config.json")
    func temperature() throws {
        let directory = try TemporaryDirectory()
        let path = try checkpoint(in: directory)
        let file = URL(filePath: path).appending(path: "config.json")
        let before = (try labels(path), try String(contentsOf: file, encoding: .utf8))
        let calibration = try CheckpointCalibration(checkpoint: path, on: doubtful, threads: 1)
        #expect(calibration.temperature != 1)
        #expect(calibration.after.expectedError < calibration.before.expectedError)
        try calibration.write()
        let after = try labels(path)
        #expect(after.labels == before.0.labels && after.confidences != before.0.confidences)
        let member = ",\"temperature\":\(calibration.temperature)}"
        #expect(try String(contentsOf: file, encoding: .utf8) == before.1.dropLast() + member)
        // A second calibration starts from the temperature of the first and finds the same one.
        let again = try CheckpointCalibration(checkpoint: path, on: doubtful, threads: 1)
        #expect(again.temperature == calibration.temperature)
        #expect(again.before.expectedError == again.after.expectedError)
        try again.write()
        #expect(try String(contentsOf: file, encoding: .utf8) == before.1.dropLast() + member)
    }

    @Test("Checkpoints and data that do not suit calibration are refused")
    func refused() throws {
        let classifier = try TinyRun.base("scibert-like").directory.path
        let error = #expect(throws: TrainingError.self) {
            _ = try CheckpointCalibration(checkpoint: classifier, on: TinyRun.corpus(TinyRun.abstracts(2)), threads: 1)
        }
        #expect(error?.description.contains("labels the sentences of an abstract together") == true)
        let other = TrainingAbstract(id: "x", sentences: [.init(text: "the risk", label: "OTHER")])
        let unknown = #expect(throws: CorpusError.self) {
            _ = try CheckpointCalibration(
                checkpoint: try TinyRun.base().directory.path, on: TinyRun.corpus([other]), threads: 1)
        }
        #expect(unknown?.description.contains("\"OTHER\"") == true)
    }
}
