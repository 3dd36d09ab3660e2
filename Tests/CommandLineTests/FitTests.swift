import Foundation
import TestSupport
import Testing

@Suite("rubricator-train")
struct FitTests {
    private let program = Program("rubricator-train")
    private let base = Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32").path()
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func path(_ name: String) -> String { directory.url.appending(path: name).path() }

    private func corpus() throws -> String {
        let abstract =
            "BACKGROUND\tthe risk of stroke\nMETHODS\tpatients were randomized\nRESULTS\tthe hazard ratio was 0.5\n\n"
        let abstracts = (0..<8).map { "###\($0)\n\(abstract)" }.joined()
        try Data(abstracts.utf8).write(to: directory.url.appending(path: "train.txt"))
        return path("train.txt")
    }

    @Test("rubricator reads the checkpoints that fit and average write")
    func fit() throws {
        let corpus = try corpus()
        for seed in ["1", "2"] {
            let outcome = try program.run([
                "fit", "--base", base, "--train", corpus, "--dev", corpus, "--out", path(seed), "--seed", seed,
                "--epochs", "1", "--threads", "1",
            ])
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
        let average = try program.run(["average", path("1"), path("2"), "--out", path("average")])
        #expect(average.status == 0, "\(average.errors)")
        for name in ["1", "average"] {
            let outcome = try Program("rubricator").run(["label", "--model", path(name)], input: "the risk of stroke")
            #expect(outcome.status == 0)
            #expect(outcome.lines.count == 1)
        }
    }

    @Test("fit --resume prints the results of a finished run again and completes its tracking once")
    func finished() throws {
        let corpus = try corpus()
        let arguments = [
            "fit", "--base", base, "--train", corpus, "--dev", corpus, "--test", corpus, "--out", path("out"),
            "--epochs", "1", "--threads", "1", "--format", "pubmed-rct",
        ]
        let first = try program.run(arguments + ["--no-tracking"])
        #expect(first.status == 0, "\(first.errors)")
        for _ in 0..<2 {
            let resumed = try program.run(arguments + ["--resume"])
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(resumed.output == first.output && resumed.output.contains("On the test data"))
            #expect(resumed.errors.contains("is finished"))
            let journal = try TrackedJournal(ofRun: path("out"))
            #expect(journal.status == "FINISHED")
            #expect(journal.entries.count { $0["model"] != nil } == 1)
            #expect(journal.metrics.isSuperset(of: ["best_val_macro_f1", "test_macro_f1"]))
            #expect(journal.pairs("tags")["rubricator.data.test.sha256"]?.count == 64)
            #expect(journal.pairs("params")["format"] == "pubmed-rct")
        }
        let other = try program.run(arguments + ["--resume", "--seed", "2"])
        #expect(other.status == 3 && other.errors.contains("--seed (changed from 1 to 2)"), "\(other.errors)")
    }

    @Test("evaluate-baseline prints the same results for a baseline as fit")
    func fitBaseline() throws {
        let corpus = try corpus()
        let fitted = try program.run([
            "fit", "--model", "tfidf-sgd", "--task", "sentence", "--train", corpus, "--dev", corpus, "--test", corpus,
            "--out", path("baseline"), "--position-feature",
        ])
        #expect(fitted.status == 0, "\(fitted.errors)")
        #expect(fitted.errors.contains("µs per abstract"))
        let measured = try program.run(["evaluate-baseline", path("baseline"), "--test", corpus])
        #expect(measured.status == 0, "\(measured.errors)")
        #expect(measured.output.contains("accuracy") && fitted.output.hasSuffix(measured.output))
        try Data("{}".utf8).write(to: directory.url.appending(path: "baseline/baseline.json"))
        let damaged = try program.run(["evaluate-baseline", path("baseline"), "--test", corpus])
        #expect(damaged.status == 2 && damaged.errors.contains("baseline.json"))
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let named: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(
        "The error for an option that the model does not have names it",
        arguments: [
            Refusal(arguments: [], named: "--base"),
            Refusal(arguments: ["--base", "b", "--l2", "0.1"], named: "--l2"),
            Refusal(arguments: ["--model", "gru", "--base", "b"], named: "--base"),
            Refusal(arguments: ["--model", "gru", "--l2", "0.1"], named: "--l2"),
            Refusal(arguments: ["--model", "tfidf-sgd", "--resume"], named: "--resume"),
            Refusal(arguments: ["--model", "boosted-trees", "--epochs", "2"], named: "--epochs"),
            Refusal(arguments: ["--model", "tfidf-sgd", "--task", "sentence", "--epochs", "0.5"], named: "--epochs"),
            Refusal(arguments: ["--model", "tfidf-sgd"], named: "--task sentence"),
            Refusal(arguments: ["--model", "svm"], named: "--model"),
        ])
    func refusals(_ refusal: Refusal) throws {
        let outcome = try program.run(["fit", "--train", "none", "--out", path("out")] + refusal.arguments)
        #expect(outcome.status == 64, "\(outcome.errors)")
        #expect(outcome.errors.contains(refusal.named), "\(outcome.errors)")
    }

    @Test("fit uses file weights and unlabelled abstracts, and calibrate sets the temperature of the checkpoint")
    func weightsAndUnlabelled() throws {
        let roles = ["BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS"]
        let abstract = roles.map { "\($0)\tthe risk of stroke\n" }.joined()
        let corpus = path("five.txt")
        try Data((0..<8).map { "###\($0)\n\(abstract)\n" }.joined().utf8).write(to: URL(filePath: corpus))
        let texts = #"{"text":"the risk of stroke. patients were randomized."}"#
        try Data(texts.utf8).write(to: directory.url.appending(path: "texts.jsonl"))
        let fitted = try program.run([
            "fit", "--base", base, "--train", corpus, "--dev", corpus, "--out", path("out"), "--epochs", "1",
            "--threads", "1", "--weight", "\(corpus)=2", "--teacher", base, "--unlabelled", path("texts.jsonl"),
            "--no-tracking",
        ])
        #expect(fitted.status == 0, "\(fitted.errors)")
        let record = try String(contentsOfFile: path("out/training.json"), encoding: .utf8)
        #expect(record.contains("\"weight\" : 2") && record.contains("texts.jsonl"))
        let calibrated = try program.run(["calibrate", "--dev", corpus, "--threads", "1", path("out")])
        #expect(calibrated.status == 0 && calibrated.errors.contains("the temperature is"), "\(calibrated.errors)")
        let inspected = try Program("rubricator").run(["inspect", path("out")])
        #expect(inspected.output.contains("temperature"))
    }

    @Test(
        "The error for an invalid weight or unlabelled file names it",
        arguments: [
            Refusal(arguments: ["--weight", "none"], named: "--weight is \"none\""),
            Refusal(arguments: ["--weight", "none=0"], named: "--weight is \"none=0\""),
            Refusal(arguments: ["--weight", "other=2"], named: "--weight names other"),
            Refusal(arguments: ["--weight", "none=2", "--weight", "none=3"], named: "--weight names none twice"),
            Refusal(arguments: ["--task", "text", "--weight", "none=2"], named: "--task sequence-labelling"),
            Refusal(arguments: ["--unlabelled", "texts.jsonl"], named: "--teacher"),
        ])
    func refusedWeights(_ refusal: Refusal) throws {
        let outcome = try program.run(
            ["fit", "--base", base, "--train", "none", "--out", path("out")] + refusal.arguments)
        #expect(outcome.status == 64, "\(outcome.errors)")
        #expect(outcome.errors.contains(refusal.named), "\(outcome.errors)")
    }

    @Test("The error for a bad line names the file and line, and nothing is written")
    func badLine() throws {
        let corpus = try corpus()
        try Data("###1\nBACKGROUND\tthe risk\nno label here\n".utf8).write(to: URL(filePath: corpus))
        let outcome = try program.run(["fit", "--base", base, "--train", corpus, "--out", path("out")])
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains("train.txt") && outcome.errors.contains("3"))
        #expect(!FileManager.default.fileExists(atPath: path("out")))
    }
}
