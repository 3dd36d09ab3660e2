import ArgumentParser
import MLflow
import RunTracking
import Tracking

/// A display of a running command.
protocol RunDisplay {
    /// Shows a warning on a line of its own.
    func warn(_ sentence: String)
    /// Ends the line that is being redrawn.
    func finish()
}

/// How the work of a command ended.
enum WorkEnding<Result> {
    /// The work is done.
    case finished(Result)
    /// A signal stopped the work. The function tells the user how to continue and returns the exit code.
    case stopped(() -> ExitCode)
}

/// The course that `fit`, `compare` and `tune` share: work, show and record every event, report, and end the tracked runs.
struct TrackedCommand<Tracker: RunObserver> {
    /// Receives every event; `nil` where the command is not tracked.
    let tracker: Tracker?
    /// Shows warnings.
    let display: any RunDisplay
    /// Shows an event.
    let show: (Tracker.Event) -> Void
    /// How to wait for uploads.
    let tracking: TrackingOptions
    /// The directory of the run, `--out`.
    let directory: String

    /// Does the work and ends the tracked runs as finished, killed or failed.
    ///
    /// - Parameters:
    ///   - work: The work. It reports its events, and stops soon after the second function returns true.
    ///   - report: Prints the result, and returns what is to be recorded of it.
    ///   - record: Records that, which ends the tracked runs, and returns warnings.
    /// - Throws: An error of the work; `ExitCode` where a signal stopped it.
    func run<Result, Reported>(
        _ work: (_ report: (Tracker.Event) -> Void, _ shouldStop: () -> Bool) throws -> WorkEnding<Result>,
        report: (Result) throws -> Reported, record: (Reported, Tracker) throws -> [String]
    ) throws {
        do {
            let ending = try work(observe) { StopSignal.number != nil }
            display.finish()
            switch ending {
            case .finished(let result):
                let reported = try report(result)
                guard let tracker else { return }
                for warning in try record(reported, tracker) { display.warn(warning) }
                tracking.wait(for: tracker.runs, in: directory)
            case .stopped(let exitCode):
                tracking.stop(tracker?.runs, as: .killed, in: directory)
                throw exitCode()
            }
        } catch  where !(error is ExitCode) {
            display.finish()
            tracking.stop(tracker?.runs, as: .failed, in: directory)
            throw error
        }
    }

    private func observe(_ event: Tracker.Event) {
        show(event)
        tracker?.record(event)
        for warning in tracker?.takeWarnings() ?? [] { display.warn(warning) }
    }
}
