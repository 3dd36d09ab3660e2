public import ArgumentParser
import Checkpoint
import Console
import Kernels
public import Labelling

/// The options of commands that run one model.
struct ModelOptions: ParsableArguments {
    @Option(
        help:
            "Directory of the checkpoint, or runs:/ID/model, models:/NAME@alias or best:EXPERIMENT?metric=NAME on a tracking server (default: Models; environment: RUBRICATOR_MODEL)."
    )
    var model: String?

    @OptionGroup var running: RunningOptions

    @OptionGroup(title: "Tracking server") var tracker: TrackerOptions

    /// Loads the checkpoint; prints the error and exits where the checkpoint cannot be used.
    func labeller(_ environment: Environment) async throws -> Labeller {
        let model = try location(environment)
        let lowercase = try environment.resolve(running.lowercase, "lowercase")
        let precision = try running.productPrecision(environment)
        do {
            let directory = try await tracker.directory(of: model, environment)
            return try Labeller(CheckpointDirectory(path: directory), precision, lowercase: lowercase)
        } catch let error as ValidationError {
            throw error
        } catch {
            Terminal.complain("the checkpoint \(model) cannot be used: \(error)")
            throw ExitCode.checkpoint
        }
    }

    /// Loads a checkpoint that labels the sentences of abstracts; prints the error and exits with any other.
    func sentenceLabeller(_ environment: Environment) async throws -> Labeller {
        let labeller = try await labeller(environment)
        guard labeller.labelsSentences else {
            let model = try location(environment)
            Terminal.complain(
                "the checkpoint \(model) labels whole texts; expected one that labels sentences of abstracts.")
            throw ExitCode.checkpoint
        }
        return labeller
    }

    private func location(_ environment: Environment) throws -> String {
        try model ?? tracker.usualModels(environment).first ?? "Models"
    }
}

/// How a model is run.
struct RunningOptions: ParsableArguments {
    @Option(help: "Number of threads (default: the cores this process may use; environment: RUBRICATOR_THREADS).")
    var threads: Int?

    @Option(
        help:
            "Precision of the encoder's matrix multiplications: float32, bfloat16, int8, or auto for the fastest on this machine (default: float32; environment: RUBRICATOR_PRECISION)."
    )
    var precision: Precision?

    @Option(
        help:
            "Whether to lower-case the text before tokenising, true or false (default: as the checkpoint says; environment: RUBRICATOR_LOWERCASE)."
    )
    var lowercase: Bool?

    @Option(
        help:
            "Whether inline headings such as \"METHODS:\" decide labels: use or ignore (default: use; environment: RUBRICATOR_HEADINGS)."
    )
    var headings: HeadingPolicy?

    func threadCount(_ environment: Environment) throws -> Int {
        let count = try environment.resolve(threads, "threads") ?? AvailableProcessors.count
        guard (1...1024).contains(count) else {
            throw ValidationError("--threads is \(count); expected a whole number from 1 to 1024.")
        }
        return count
    }

    func productPrecision(_ environment: Environment) throws -> ProductPrecision {
        try environment.resolve(precision, "precision")?.value ?? .float32
    }

    func headingPolicy(_ environment: Environment) throws -> HeadingPolicy {
        try environment.resolve(headings, "headings") ?? .use
    }
}

/// A precision by name, or the fastest one.
enum Precision: String, CaseIterable, ExpressibleByArgument {
    case float32, bfloat16, int8, auto

    var value: ProductPrecision { ProductPrecision(rawValue: rawValue) ?? .fastest }
}

extension HeadingPolicy: ExpressibleByArgument {}
