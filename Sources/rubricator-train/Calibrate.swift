import Runs
import ArgumentParser
import Console
import CorpusOptions
import Evaluation
import Kernels
import Training

struct Calibrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a checkpoint's confidences the shares that are right.",
        discussion: """
            Fits a temperature to labelled abstracts that the checkpoint has not learnt from, such as the development data, \
            and writes it to the checkpoint's config.json. Labels stay as they are. The checkpoint comes before the files:

              rubricator-train calibrate CHECKPOINT --dev dev.jsonl more-dev.jsonl
            """)

    @Option(parsing: .upToNextOption, help: "Files of labelled abstracts, perhaps compressed by gzip.")
    var dev: [String]

    @Option(help: "Threads that share the arithmetic (default: the cores this process may use).")
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
                "The temperature is \(calibration.temperature). Expected calibration error: \(fourDigits(calibration.before.expectedError)) before, \(fourDigits(calibration.after.expectedError)) now.\n"
            )
        }
    }
}
