import Baselines
import Console
import Evaluation
import Experiments
import Runs
import Training

/// Shows the progress of an experiment: a heading for each of its runs, and each run as `fit` shows it.
final class ExperimentDisplay: RunDisplay {
    private let display: ProgressDisplay
    private var hasShownSizes = false

    /// Creates a display.
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
                "\n\(run.name)\(resuming ? " resumes" : ""): \(job.recipe.task.rawValue)\(settings.isEmpty ? "" : ", \(settings)")"
            )
        case .training(_, .began(let summary)):
            // Every run has nearly the same sizes.
            if !hasShownSizes { display.show(.began(summary)) }
            hasShownSizes = true
        case .training(_, let event): display.show(event)
        case .paused(let run): note("\(run.name) is paused, its state saved")
        case .finished(let run, let training):
            let best = training.best
            note(
                "\(run.name): epoch \(best.epoch) is the best, micro F1 \(fourDigits(best.development.microF1)), macro F1 \(fourDigits(best.development.macroF1)) on the development data"
            )
        case .failed(let run, let reason): note("\(run.name) failed: \(reason)")
        case .baselineBegan(let run, let recipe, let isThere):
            note("\n\(run.name)\(isThere ? " exists" : ""): \(recipe.task.rawValue), \(run.settings.words)")
        case .baselinePassed(_, let progress): display.show(progress)
        case .baselineFinished(let run, let outcome):
            let figures = outcome.record.developmentFigures
            note(
                "\(run.name): micro F1 \(fourDigits(figures.microF1)), macro F1 \(fourDigits(figures.macroF1)) on the development data"
            )
        case .measured(let run, let evaluation):
            note("\(run.name) labelled the \(evaluation.predictions.items.count) items of the test data")
        }
    }

    func warn(_ sentence: String) { display.warn(sentence) }

    func finish() { display.finish() }

    private func note(_ line: String) {
        display.finish()
        Terminal.show(line + "\n")
    }
}
