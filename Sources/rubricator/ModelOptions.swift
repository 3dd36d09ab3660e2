public import ArgumentParser
import Checkpoint
import Console
import Kernels
public import Labelling

/// What every command that runs one model can be told.
struct ModelOptions: ParsableArguments {
    @Option(
        help:
            "The checkpoint's directory, or runs:/ID/model, models:/NAME@alias or best:EXPERIMENT?metric=NAME of a tracker (default: Models; environment: RUBRICATOR_MODEL)."
    )
    var model: String?

    @OptionGroup var running: RunningOptions

    @OptionGroup(title: "Tracker") var tracker: TrackerOptions

    /// The loaded checkpoint; says what is wrong with it and ends the program where it cannot be used.
    func labeller(_ environment: Environment) async throws -> Labeller {
        let model = try self.model ?? tracker.usualModels(environment).first ?? "Models"
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
}

/// How models are run.
struct RunningOptions: ParsableArguments {
    @Option(help: "Threads that share the work (default: the cores this process may use; RUBRICATOR_THREADS).")
    var threads: Int?

    @Option(
        help:
            "What the encoder's products are rounded to: float32, bfloat16, int8, or auto for the fastest here (default: float32; RUBRICATOR_PRECISION)."
    )
    var precision: Precision?

    @Option(
        help:
            "Lower-case the text before tokenising, whatever the checkpoint says: true or false (RUBRICATOR_LOWERCASE)."
    )
    var lowercase: Bool?

    @Option(help: "Whether inline headings such as \"METHODS:\" decide labels: use or ignore (RUBRICATOR_HEADINGS).")
    var headings: HeadingPolicy?

    func threadCount(_ environment: Environment) throws -> Int {
        let count = try environment.resolve(threads, "threads") ?? AvailableProcessors.count
        guard (1...1024).contains(count) else {
            throw ValidationError("threads is \(count); expected 1 to 1024.")
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

/// A precision by name, or whichever is fastest.
enum Precision: String, CaseIterable, ExpressibleByArgument {
    case float32, bfloat16, int8, auto

    var value: ProductPrecision { ProductPrecision(rawValue: rawValue) ?? .fastest }
}

extension HeadingPolicy: ExpressibleByArgument {}
