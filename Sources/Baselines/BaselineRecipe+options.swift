import Evaluation
import Runs

extension BaselineRecipe {
    /// All settings as command-line options with their values, `--model` first.
    public var options: [(option: String, value: String)] {
        var options = [
            ("--model", settings.kind.rawValue), ("--task", task.rawValue),
            ("--position-feature", "\(positionFeature)"), ("--downsample", "\(downsample)"),
            ("--sample", sample.map { "\($0)" } ?? "all"), ("--dev-share", "\(developmentShare)"),
            ("--seed", "\(seed)"), ("--threads", "\(threads)"), ("--best-by", figure.rawValue),
        ]
        switch settings {
        case .tfidfSGD(let settings):
            options += settings.terms.options
            options += [
                ("--epochs", "\(settings.epochs)"), ("--learning-rate", "\(settings.learningRate)"),
                ("--l2", "\(settings.l2)"),
            ]
        case .boostedTrees(let settings):
            options += settings.terms.options
            options += [
                ("--rounds", "\(settings.rounds)"), ("--patience", "\(settings.patience)"),
                ("--depth", "\(settings.depth)"), ("bins", "\(settings.bins)"),
                ("--learning-rate", "\(settings.learningRate)"),
            ]
        case .gru(let settings):
            options += [
                ("--min-df", "\(settings.leastTexts)"), ("--max-terms", settings.mostWords.map { "\($0)" } ?? "all"),
                ("--epochs", "\(settings.epochs)"), ("--learning-rate", "\(settings.learningRate)"),
                ("--weight-decay", "\(settings.weightDecay)"), ("--embedding-width", "\(settings.embeddingWidth)"),
                ("--state-width", "\(settings.stateWidth)"), ("--max-length", "\(settings.longest)"),
                ("--batch-size", "\(settings.batchSize)"), ("--clip", "\(settings.clip)"),
                ("--hidden-dropout", "\(settings.dropout)"),
            ]
        }
        return options.map { (option: $0.0, value: $0.1) }
    }
}

extension TermSettings {
    fileprivate var options: [(String, String)] {
        [
            ("--min-df", "\(leastTexts)"), ("--max-terms", most.map { "\($0)" } ?? "all"),
            ("--sublinear-tf", "\(isSublinear)"),
        ]
    }
}
