import ArgumentParser
import Baselines
import Checkpoint
import Console
import Corpora
import Evaluation
import Experiments
import Labelling
import Model
import Runs
import Text
import Training

@main
struct RubricatorTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rubricator-train",
        abstract: "Train checkpoints for rubricator.",
        discussion: """
            Exit codes: 0 success; 1 a corpus cannot be used; 2 a checkpoint or baseline cannot be used; 3 the output directory or \
            the saved state cannot be used; 4 the run diverged; 5 not enough memory; 6 some uploads to MLflow are pending (sync); \
            64 the command line is wrong; 130 or 143 a signal stopped the run; --resume continues it (baselines start again).
            """,
        subcommands: [
            Fit.self, Compare.self, Tune.self, EvaluateBaseline.self, Average.self, Calibrate.self, Sync.self,
        ])
}

extension ExitCode {
    /// A corpus cannot be used.
    static let corpus = ExitCode(1)
    /// The base checkpoint cannot be used.
    static let checkpoint = ExitCode(2)
    /// The output directory or the saved state cannot be used.
    static let output = ExitCode(3)
    /// The loss or the gradient is no longer finite.
    static let divergence = ExitCode(4)
    /// Not enough memory.
    static let memory = ExitCode(5)
    /// Some uploads to MLflow are pending.
    static let tracking = ExitCode(6)
}

/// Does the work of a command, prints the error that stops it, and throws the exit code for that error.
///
/// - Parameters:
///   - checkpoint: The checkpoint, as errors in its files name it.
///   - work: The work.
/// - Throws: `ExitCode`.
func endingProgram(on checkpoint: String, _ work: () throws -> Void) throws {
    func ended(_ problem: some CustomStringConvertible, _ code: ExitCode) -> ExitCode {
        Terminal.complain(problem.description)
        return code
    }
    do {
        try work()
    } catch let error as CorpusError {
        throw ended(error, .corpus)
    } catch let error as ExperimentError {
        switch error {
        case .plan: throw ended(error, .validationFailure)
        case .measurements: throw ended(error, .corpus)
        case .output: throw ended(error, .output)
        }
    } catch let error as TrainingError {
        switch error {
        case .recipe: throw ended(error, .validationFailure)
        case .memory: throw ended(error, .memory)
        case .output, .state: throw ended(error, .output)
        case .diverged: throw ended(error, .divergence)
        }
    } catch let error
        where error is CheckpointError || error is ModelError || error is TextError || error is LabellingError
        || error is BaselineError
    {
        throw ended("\(checkpoint) cannot be used: \(error)", .checkpoint)
    }
}
