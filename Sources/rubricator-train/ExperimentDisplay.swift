import Runs
import Baselines
import Console
import Evaluation
import Experiments
import Training

/// Shows how an experiment is getting on: a heading for each of its runs, and each run as `fit` shows it.
final class ExperimentDisplay {
    private let display: ProgressDisplay
    private var hasShownSizes = false

    /// A display.
    ///
    /// - Parameter interval: Seconds between two plain lines.
    init(interval: Double) {
        display = ProgressDisplay(interval: interval)
    }

    func show(_ event: ExperimentEvent) {
        switch event {
        case .began(let run, let job, let resuming):
            let settings = run.settings.words
            note(
                "\n\(run.name)\(resuming ? " goes on" : ""): \(job.recipe.task.rawValue)\(settings.isEmpty ? "" : ", \(settings)")"
            )
        case .training(_, .began(let summary)):
            // The same for every run, or nearly.
            if !hasShownSizes { display.show(.began(summary)) }
            hasShownSizes = true
        case .training(_, let event): display.show(event)
        case .paused(let run): note("\(run.name) is left, its state saved")
        case .finished(let run, let training):
            let best = training.best
            note(
                "\(run.name): epoch \(best.epoch) is the best, micro F1 \(fourDigits(best.development.microF1)), macro F1 \(fourDigits(best.development.macroF1)) on the development data"
            )
        case .failed(let run, let reason): note("\(run.name) failed: \(reason)")
        case .baselineBegan(let run, let recipe, let isThere):
            note("\n\(run.name)\(isThere ? " is there" : ""): \(recipe.task.rawValue), \(run.settings.words)")
        case .baselinePassed(_, let progress): display.show(progress)
        case .baselineFinished(let run, let outcome):
            let figures = outcome.record.developmentFigures
            note(
                "\(run.name): micro F1 \(fourDigits(figures.microF1)), macro F1 \(fourDigits(figures.macroF1)) on the development data"
            )
        case .measured(let run, let evaluation):
            note("\(run.name) has labelled the \(evaluation.predictions.items.count) items of the test data")
        }
    }

    /// Shows a sentence on a line of its own.
    func warn(_ sentence: String) { display.warn(sentence) }

    /// Ends the line that is being redrawn.
    func finish() { display.finish() }

    private func note(_ line: String) {
        display.finish()
        Terminal.show(line + "\n")
    }
}
