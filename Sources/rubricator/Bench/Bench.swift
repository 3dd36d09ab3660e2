import ArgumentParser
import Console
import Kernels
import Labelling
import Model
import Serving

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Benchmark this machine and each stage of labelling.",
        discussion: """
            Print the peak speed of matrix multiplications on this machine, the time of each stage of labelling, throughput \
            by batch size, and latency by length. Without a file, a built-in sample abstract is used.
            """)

    @OptionGroup var model: ModelOptions

    @Argument(
        help: "Input file, as for label: .jsonl with one abstract on each line, or a text file with one abstract.")
    var file: String?

    func run() async throws {
        let environment = Environment()
        let labeller = try await model.sentenceLabeller(environment)
        let threads = try model.running.threadCount(environment)
        let requests = try requests()
        guard !requests.isEmpty else {
            Terminal.complain(
                "\(file ?? "standard input"): found no abstract; expected a file that `rubricator label` reads.")
            throw ExitCode.input
        }
        let precision = labeller.model.encoder.precision
        let team = ThreadTeam(count: threads)
        Terminal.print(
            line:
                "\(labeller.model.configuration.name ?? "the checkpoint"), \(precision) on \(precision.instructionSet), \(threads) threads; \(Arithmetic.openBLAS)"
        )
        let limits = BenchLimits(labeller.model.configuration, precision, team: team)
        Terminal.print(line: "\n\(limits)")
        Terminal.print(line: "\n\(BenchStages(labeller, requests: requests, limits: limits, team: team))")
        let engine = Engine(labeller, threads: threads)
        Terminal.print(line: "\n\(BenchThroughput(engine, requests: requests))")
        Terminal.print(line: "\n\(BenchLatency(engine))")
    }

    private func requests() throws -> [BenchRequest] {
        guard let file else { return [BenchRequest(.text(SampleAbstract.text))] }
        do {
            var inputs = try InputAbstracts(file: file)
            var requests: [BenchRequest] = []
            while let input = try inputs.next() {
                if case .success(let content) = input.content { requests.append(BenchRequest(content)) }
            }
            return requests
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.input
        }
    }
}
