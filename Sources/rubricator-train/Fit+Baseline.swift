import ArgumentParser
import Baselines
import Console
import Corpora
import Evaluation
import MLflow
import RunTracking
import Runs
import Tracking
import Training

extension Fit {
    /// Rejects options that the model does not have.
    func validateModel() throws {
        guard case .baseline(let kind) = model else {
            if base == nil {
                throw ValidationError(
                    "--base is missing: bert starts from a checkpoint. Pass --base, or choose a baseline with --model.")
            }
            if let given = baseline.given.first {
                throw ValidationError(
                    "\(given.name) is an option of baselines only. Remove it, or choose a baseline with --model.")
            }
            return
        }
        let others = [
            GivenOption("--base", base != nil, []), GivenOption("--teacher", !teacher.isEmpty, []),
            GivenOption("--name", name != nil, []), GivenOption("--resume", resume, []),
            GivenOption("--save-every", intervals.savesAtOtherInterval, []),
            GivenOption("--register", tracking.register != nil, []),
        ].filter(\.isGiven)
        try baseline.validate(kind, options, others)
    }

    /// Trains a baseline, writes it and prints its evaluation on the development and test data.
    func fitBaseline(_ kind: BaselineKind) throws {
        let recipe = try baseline.recipe(kind, options)
        try recipe.check()
        let data = try read(for: recipe.task)
        data.showOmissions()
        let directory = RunDirectory(path: out)
        guard !directory.holdsRun else {
            throw TrainingError.output(
                "\(out) already holds a run or a trained model. Choose another --out, or move it away.")
        }
        StopSignal.install()
        let display = ProgressDisplay(interval: intervals.progressEvery)
        defer { display.finish() }
        let command = TrackedCommand(
            tracker: tracker(of: recipe, in: directory), display: display, show: { display.show($0) },
            tracking: tracking, directory: out)
        try command.run { report, shouldStop in
            do {
                return .finished(
                    try BaselineRun(
                        recipe, training: data.training, development: data.development, test: data.test,
                        labels: corpus.labelNames, directory: directory, report: report, shouldStop: shouldStop))
            } catch is CancellationError {
                return .stopped {
                    Terminal.show("stopped; a baseline cannot be resumed. Repeat the command to start again.\n")
                    return ExitCode(128 + (StopSignal.number ?? 2))
                }
            }
        } report: { run in
            show(run)
            return run
        } record: { run, tracker in
            [tracker.finish(run, environment: TrackingOptions.origin)].compactMap(\.self)
        }
    }

    private func tracker(of recipe: BaselineRecipe, in directory: RunDirectory) -> BaselineTracker? {
        let run = tracking.begin(in: directory, for: recipe.task, tags: TrackingOptions.origin, resuming: false)
        guard let run else { return nil }
        run.log(params: corpus.params)
        return BaselineTracker(run, recipe: recipe, directory: directory)
    }

    private func show(_ run: BaselineRun) {
        let record = run.record
        Terminal.print(line: "\(record.development) of development data\n\n\(run.development.report)")
        if let part = record.test, let predictions = run.test {
            Terminal.print(line: "\n\(part) of test data\n\n\(predictions.report)")
        }
        Terminal.show(
            "\(out): trained in \(decimal(record.seconds, digits: 1)) s (\(decimal(record.processorSeconds, digits: 1)) s of processor time), \(decimal(record.cost.microseconds, digits: 1)) µs per \(record.cost.unit) on one thread, \(record.bytes) bytes.\n"
        )
    }
}

extension ProgressDisplay {
    /// Shows the progress of a baseline's training.
    func show(_ progress: BaselineProgress) {
        var facts = ["pass \(progress.passes) of \(progress.most)"]
        if let loss = progress.trainingLoss { facts.append("training loss \(fourDigits(loss))") }
        if let loss = progress.developmentLoss { facts.append("development loss \(fourDigits(loss))") }
        if let figure = progress.figure { facts.append("development figure \(fourDigits(figure))") }
        line(facts.joined(separator: ", "), isLast: progress.passes == progress.most)
    }
}
