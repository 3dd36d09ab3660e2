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

    @Test("fit writes a checkpoint that rubricator reads, by itself and averaged with another")
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

    @Test("A bad line is named by file and number, and nothing is written")
    func badLine() throws {
        let corpus = try corpus()
        try Data("###1\nBACKGROUND\tthe risk\nno label here\n".utf8).write(to: URL(filePath: corpus))
        let outcome = try program.run(["fit", "--base", base, "--train", corpus, "--out", path("out")])
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains("train.txt") && outcome.errors.contains("3"))
        #expect(!FileManager.default.fileExists(atPath: path("out")))
    }
}
