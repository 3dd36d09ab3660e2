import Foundation
import TestSupport
import Testing

@Suite("rubricator-train compare and tune")
struct CompareTests {
    private let program = Program("rubricator-train")
    private let base = Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32").path()
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func path(_ name: String) -> String { directory.url.appending(path: name).path() }

    private func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: directory.url.appending(path: name))
        return path(name)
    }

    private func corpus(_ name: String) throws -> String {
        let abstract =
            "BACKGROUND\tthe risk of stroke\nOBJECTIVE\twe aimed to control\nMETHODS\tpatients were randomized\nRESULTS\tthe hazard ratio was 0.5\nCONCLUSIONS\ttherapy increased survival\n\n"
        return try write((0..<8).map { "###\(name)\($0)\n\(abstract)" }.joined(), to: name)
    }

    private func compare(_ arguments: [String]) throws -> Program.Outcome {
        try program.run(
            [
                "compare", "--base", base, "--train", corpus("train.txt"), "--dev", corpus("dev.txt"), "--test",
                corpus("test.txt"), "--out", path("compared"), "--task", "sentence", "--epochs", "1", "--threads", "1",
                "--resamples", "200",
            ] + arguments)
    }

    @Test("compare trains variants with several seeds, prints and writes the table, and resumes with --resume")
    func compare() throws {
        let variants = try write("# two recipes\nbaseline:\nwhole: --task sequence-labelling\n", to: "variants.txt")
        let arguments = ["--variants", variants, "--checkpoint", "there=\(base)", "--seeds", "1", "2"]
        let first = try compare(arguments)
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.contains("8 abstracts with 40 sentences"))
        for name in ["baseline", "whole", "there"] { #expect(first.lines.contains { $0.hasPrefix("  \(name) ") }) }
        for file in [
            "comparison.md", "comparison.json", "baseline/seed-2/model.safetensors", "whole/seed-1/training.json",
        ] {
            #expect(FileManager.default.fileExists(atPath: path("compared/\(file)")), "\(file)")
        }
        let refused = try compare(arguments)
        #expect(refused.status == 3)
        let again = try compare(arguments + ["--resume"])
        #expect(again.status == 0, "\(again.errors)")
        // The costs after this text are measured again.
        func figures(_ outcome: Program.Outcome) -> String? {
            outcome.output.components(separatedBy: "processor time per abstract").first
        }
        #expect(figures(again) == figures(first))
        #expect(!again.errors.contains("training loss"))
    }

    /// Returns the entries of a run's journal.
    private func journal(_ run: String) throws -> [[String: Any]] {
        try TrackedJournal(ofRun: path(run)).entries
    }

    /// Returns the key of a run and that of its parent.
    private func keys(_ run: String) throws -> (key: String?, parent: String?) {
        let begin = try journal(run).first?["begin"] as? [String: Any]
        return (begin?["key"] as? String, begin?["parent"] as? String)
    }

    @Test("A baseline is compared with a recipe and a checkpoint, and each is tracked as a child run")
    func baseline() throws {
        let arguments = [
            "--variant", "one:", "--variant", "words: --model tfidf-sgd --position-feature", "--checkpoint",
            "there=\(base)",
        ]
        let outcome = try compare(arguments)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.lines.contains { $0.hasPrefix("processor time per abstract") })
        #expect(FileManager.default.fileExists(atPath: path("compared/words/baseline.json")))
        let whole = try #require(try keys("compared").key)
        for part in ["one", "words", "tracking/parts/there"] {
            #expect(try keys("compared/\(part)").parent == whole, "\(part)")
            let entries = try journal("compared/\(part)")
            #expect(entries.last?["status"] as? String == "FINISHED", "\(part)")
            let metrics = entries.compactMap { $0["metrics"] as? [String: Any] }
            #expect(metrics.contains { $0["test_macro_f1"] != nil }, "\(part)")
        }
        let again = try compare(arguments + ["--resume"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.errors.contains("words exists"))
        #expect(try keys("compared").key == whole)
    }

    @Test(
        "A baseline trained by an earlier command is tracked with its results, and the comparison with its data"
    )
    func resumedBaseline() throws {
        let arguments = [
            "--variant", "words: --model tfidf-sgd", "--variant", "places: --model tfidf-sgd --position-feature",
            "--format", "pubmed-rct",
        ]
        let first = try compare(arguments + ["--no-tracking"])
        #expect(first.status == 0, "\(first.errors)")
        let resumed = try compare(arguments + ["--resume"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        for name in ["words", "places"] {
            let journal = try TrackedJournal(ofRun: path("compared/\(name)"))
            #expect(journal.status == "FINISHED")
            #expect(journal.metrics.isSuperset(of: ["best_val_macro_f1", "test_macro_f1", "model_bytes"]))
            #expect(journal.entries.contains { $0["artifact"] as? String == "baseline/terms.txt" })
            #expect(journal.pairs("tags")["rubricator.data.test.sha256"] != nil)
        }
        let whole = try TrackedJournal(ofRun: path("compared"))
        let tags = whole.pairs("tags")
        for part in ["train", "dev", "test"] { #expect(tags["rubricator.data.\(part).sha256"]?.count == 64, "\(part)") }
        #expect(whole.entries.compactMap { $0["datasets"] as? [Any] }.joined().count == 3)
        #expect(whole.pairs("params")["format"] == "pubmed-rct")
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let arguments: [String]
        let named: String
        var testDescription: String { named }
    }

    @Test(
        "An invalid plan is refused before anything is trained",
        arguments: [
            Row(arguments: ["--variant", "one:"], named: "there is only one system to compare"),
            Row(arguments: ["--variant", "one:", "--variant", "one: --downsample"], named: "one is named twice"),
            Row(
                arguments: ["--variant", "one:", "--variant", "two: --epochs 0"], named: "variant two: --epochs is 0.0"),
            Row(arguments: ["--variant", "one:", "--variant", "two: --task text"], named: "one trains on abstracts"),
            Row(
                arguments: ["--variant", "one:", "--variant", "two: --model tree"],
                named: "variant two: --model is \"tree\"; expected one of bert, tfidf-sgd, boosted-trees, gru"),
            Row(
                arguments: ["--variant", "one:", "--variant", "two: --model gru --warm-up 0.1"],
                named: "variant two: --warm-up is not an option of --model gru"),
            Row(
                arguments: ["--variant", "one:", "--variant", "two: --model gru --rounds"], named: "variant two: "),
            Row(arguments: ["--variant", "one:", "--checkpoint", "there"], named: "expected NAME=DIRECTORY"),
        ])
    func badPlans(_ row: Row) throws {
        let outcome = try program.run(
            [
                "compare", "--base", base, "--train", corpus("train.txt"), "--test", corpus("test.txt"), "--out",
                path("compared"), "--task", "sentence",
            ] + row.arguments)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains(row.named), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: path("compared")))
    }

    private func tuneThree(_ arguments: [String] = []) throws -> Program.Outcome {
        try program.run(
            [
                "tune", "--base", base, "--train", corpus("train.txt"), "--dev", corpus("dev.txt"), "--out",
                path("tuned"), "--task", "sentence", "--threads", "1", "--epochs", "2", "--trials", "3", "--search",
                "learning-rate=log:1e-4..1e-2", "--budget", "1h",
            ] + arguments)
    }

    @Test("A resumed tune ends and sends the runs of all trials, including those that do not continue")
    func resumedTrials() throws {
        let first = try tuneThree()
        #expect(first.status == 0, "\(first.errors)")
        // Restore the state before the best checkpoint was put in place, as if the program had been killed then.
        let record = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path("tuned/tuning.json"))))
        let best = try #require((record as? [String: Any])?["best"] as? Int)
        try FileManager.default.createDirectory(
            atPath: path("tuned/trials/trial-\(best)"), withIntermediateDirectories: true)
        try FileManager.default.moveItem(
            atPath: path("tuned/model.safetensors"), toPath: path("tuned/trials/trial-\(best)/model.safetensors"))
        func part(_ trial: Int) -> String { path("tuned/tracking/parts/trial-\(trial)") }
        let others = (1...3).filter { $0 != best }
        let failure = "{\"tags\":[[\"mlflow.note.content\",\"diverged\"]]}\n{\"status\":\"FAILED\",\"time\":1}\n"
        try TrackedJournal.append("{\"status\":\"SCHEDULED\",\"time\":1}\n", toRun: part(others[0]))
        try TrackedJournal.append(failure, toRun: part(others[1]))

        let resumed = try tuneThree(["--resume"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        for (trial, status) in [(best, "FINISHED"), (others[0], "KILLED"), (others[1], "FAILED")] {
            #expect(try TrackedJournal(ofRun: part(trial)).status == status)
            #expect(try TrackedJournal.isSent(ofRun: part(trial)))
        }
        #expect(try TrackedJournal(ofRun: path("tuned")).pairs("tags")["rubricator.data.dev.sha256"] != nil)
    }

    @Test("tune prints the trials and keeps the checkpoint of the best one")
    func tune() throws {
        let outcome = try tuneThree()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("The best trial on the development data"))
        #expect(outcome.lines.first?.contains("--learning-rate") == true)
        for file in ["tuning.json", "trials.jsonl", "model.safetensors"] {
            #expect(FileManager.default.fileExists(atPath: path("tuned/\(file)")), "\(file)")
        }
        let whole = try #require(try keys("tuned").key)
        #expect(try journal("tuned").contains { $0["model"] != nil })
        let artifacts = try journal("tuned").compactMap { $0["artifact"] as? String }
        #expect(
            Set(artifacts).isSuperset(of: [
                "classification_report.txt", "confusion_matrix.png", "predictions.csv", "report.html", "tuning.json",
                "training.json", "plots/train_loss.svg",
            ]), "\(artifacts)")
        for trial in 1...3 {
            #expect(try keys("tuned/tracking/parts/trial-\(trial)").parent == whole)
            let status = try journal("tuned/tracking/parts/trial-\(trial)").last?["status"] as? String
            #expect(status == "FINISHED" || status == "KILLED")
        }
    }

    @Test("tune --resume prints the results of a finished search again and completes its tracking once")
    func finishedTuning() throws {
        let first = try tuneThree(["--no-tracking"])
        #expect(first.status == 0, "\(first.errors)")
        for _ in 0..<2 {
            let resumed = try tuneThree(["--resume"])
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(resumed.output == first.output)
            #expect(resumed.errors.contains("is finished"))
            let journal = try TrackedJournal(ofRun: path("tuned"))
            #expect(journal.status == "FINISHED")
            #expect(journal.entries.count { $0["model"] != nil } == 1)
            #expect(journal.metrics.isSuperset(of: ["best_value", "best_val_macro_f1"]))
        }
        let again = try tuneThree()
        #expect(again.status == 3 && again.errors.contains("already holds a checkpoint"), "\(again.errors)")
    }

    @Test(
        "An invalid search is refused",
        arguments: ["--search=epocs=1..2", "--trials=0", "--budget=soon", "--eta=1"])
    func badSearches(argument: String) throws {
        let outcome = try program.run([
            "tune", "--base", base, "--train", corpus("train.txt"), "--out", path("tuned"), "--search", "epochs=1..3",
            "--trials", "2", argument,
        ])
        #expect(outcome.status == 64, "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: path("tuned")))
    }
}
