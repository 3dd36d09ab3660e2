import ArgumentParser
import Console
import CorpusOptions
import Evaluation
import Kernels
import Runs
import Training

struct Calibrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Calibrate a checkpoint's confidences with a temperature.",
        discussion: """
            Fit a temperature on labelled abstracts that the checkpoint was not trained on, such as the development data, and \
            write it to the checkpoint's config.json. The predicted labels do not change. The checkpoint comes before the files:

              rubricator-train calibrate CHECKPOINT --dev dev.jsonl more-dev.jsonl
            """)

    @Option(parsing: .upToNextOption, help: "Files of labelled abstracts, optionally gzip-compressed.")
    var dev: [String]

    @Option(help: "Number of threads (default: the cores this process may use).")
    var threads: Int?

    @OptionGroup(title: "Corpus") var corpus: CorpusOptions

    @Argument(help: "The checkpoint's directory.")
    var checkpoint: String

    func run() throws {
        try endingProgram(on: "the checkpoint \(checkpoint)") {
            let calibration = try CheckpointCalibration(
                checkpoint: checkpoint, on: try corpus.read(dev, for: .sequenceLabelling),
                threads: threads ?? AvailableProcessors.count)
            try calibration.write()
            Terminal.show(
                "\(checkpoint): the temperature is \(calibration.temperature). Expected calibration error: \(fourDigits(calibration.before.expectedError)) before, \(fourDigits(calibration.after.expectedError)) after.\n"
            )
        }
    }
}
