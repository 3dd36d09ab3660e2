import Checkpoint
import Corpora
import Runs

/// Gradient-boosted trees on TF-IDF features (Friedman 2001; Chen & Guestrin 2016), grown by libxgboost.
///
/// There is one ensemble with a softmax if labels exclude each other, otherwise one ensemble for each label.
struct BoostedTrees: BaselineModel {
    private let features: TextFeatures
    private let areExclusive: Bool
    private let labels: Int
    private let boosters: [Booster]
    private let saved: [[UInt8]]
    private let library: XGBoostLibrary

    private static func position(_ recipe: BaselineRecipe) -> TextFeatures.Position {
        recipe.positionFeature ? .number : .none
    }

    private static func fileName(_ booster: Int) -> String { "trees-\(booster).ubj" }

    init(
        fitting data: BaselineData, settings: TreeSettings, recipe: BaselineRecipe,
        report: (BaselineProgress) throws -> Void
    ) throws {
        let library = try XGBoostLibrary()
        let vectorizer = TfidfVectorizer(fitting: data.learning.map(\.text), settings: settings.terms)
        features = TextFeatures(vectorizer: vectorizer, position: Self.position(recipe))
        areExclusive = data.areExclusive
        labels = data.labels.count
        do {
            saved = try Self.ensembles(data, features, settings, recipe, library: library, report: report)
            boosters = try saved.map { try Booster(saved: $0, library: library) }
        } catch let fault as XGBoostFault {
            throw TrainingError.diverged("libxgboost \(library.version) could not grow trees: \(fault).")
        }
        self.library = library
    }

    /// Grows all ensembles and returns them in xgboost's file format.
    private static func ensembles(
        _ data: BaselineData, _ features: TextFeatures, _ settings: TreeSettings, _ recipe: BaselineRecipe,
        library: XGBoostLibrary, report: (BaselineProgress) throws -> Void
    ) throws -> [[UInt8]] {
        var parameters = [
            ("tree_method", "hist"), ("max_depth", "\(settings.depth)"), ("eta", "\(settings.learningRate)"),
            ("max_bin", "\(settings.bins)"), ("nthread", "\(recipe.threads)"), ("seed", "\(recipe.seed % 0x8000_0000)"),
        ]
        parameters +=
            data.areExclusive
            ? [("objective", "multi:softprob"), ("num_class", "\(data.labels.count)"), ("eval_metric", "mlogloss")]
            : [("objective", "binary:logistic"), ("eval_metric", "logloss")]
        let learning = try XGBoostMatrix(features.rows(of: data.learning), threads: recipe.threads, library: library)
        let measuring = try XGBoostMatrix(features.rows(of: data.measuring), threads: recipe.threads, library: library)
        let count = data.areExclusive ? 1 : data.labels.count
        return try (0..<count).map { ensemble in
            func targets(_ all: [[Int]]) -> [Float] {
                all.map { data.areExclusive ? Float($0[0]) : $0.contains(ensemble) ? 1 : 0 }
            }
            try learning.set(targets: targets(data.targets))
            try measuring.set(targets: targets(data.measuringTargets))
            return try grow(learning, measuring, parameters, settings: settings, library: library) {
                var progress = $0
                progress.passes += ensemble * settings.rounds
                progress.most *= count
                try report(progress)
            }
        }
    }

    /// Grows trees until the loss on `measuring` has not fallen for `settings.patience` rounds.
    ///
    /// - Returns: The ensemble up to the best round, in xgboost's file format.
    private static func grow(
        _ learning: XGBoostMatrix, _ measuring: XGBoostMatrix, _ parameters: [(String, String)],
        settings: TreeSettings, library: XGBoostLibrary, report: (BaselineProgress) throws -> Void
    ) throws -> [UInt8] {
        let booster = try Booster(keeping: [learning, measuring], parameters: parameters, library: library)
        var best = (round: 0, loss: Double.infinity)
        for round in 0..<settings.rounds {
            try booster.grow(round: round, on: learning)
            let loss = try booster.metric(round: round, on: measuring)
            if loss < best.loss { best = (round, loss) }
            try report(BaselineProgress(passes: round + 1, most: settings.rounds, developmentLoss: loss))
            if round - best.round >= settings.patience { break }
        }
        return try booster.first(rounds: best.round + 1).saved()
    }

    init(files: BaselineFiles, settings: TreeSettings, labels: Int, recipe: BaselineRecipe) throws {
        let library = try XGBoostLibrary()
        let terms = try files.lines(BaselineFiles.terms)
        let vectorizer = TfidfVectorizer(
            terms: terms,
            inverseFrequencies: try files.tensors().values("inverse_frequencies", shape: [terms.count]),
            settings: settings.terms)
        let features = TextFeatures(vectorizer: vectorizer, position: Self.position(recipe))
        let areExclusive = recipe.task != .multiLabelText
        let saved = try (0..<(areExclusive ? 1 : labels)).map { try files.bytes(Self.fileName($0)) }
        boosters = try saved.enumerated().map { index, bytes in
            func refused(_ why: String) -> BaselineError {
                files.problem(Self.fileName(index), "libxgboost \(library.version) cannot load it: \(why).")
            }
            do throws(XGBoostFault) {
                let booster = try Booster(saved: bytes, library: library)
                let columns = try booster.columns()
                guard columns == features.columns else {
                    throw XGBoostFault(description: "it has \(columns) columns, not \(features.columns)")
                }
                return booster
            } catch {
                throw refused(error.description)
            }
        }
        self.library = library
        self.features = features
        self.areExclusive = areExclusive
        self.labels = labels
        self.saved = saved
    }

    func write(to directory: RunDirectory) throws -> [String] {
        let terms = features.vectorizer
        try BaselineFiles.write(lines: terms.terms, to: directory)
        try BaselineFiles.write(
            [
                SafetensorsEntry(
                    name: "inverse_frequencies", shape: [terms.terms.count], values: terms.inverseFrequencies)
            ], to: directory)
        for (index, bytes) in saved.enumerated() {
            try directory.write(bytes, to: "\(directory.path)/\(Self.fileName(index))")
        }
        return [BaselineFiles.terms, BaselineFiles.tensors] + saved.indices.map(Self.fileName)
    }

    func probabilities(of texts: [TrainingText], threads: Int) throws -> [[Double]] {
        guard !texts.isEmpty else { return [] }
        do {
            let rows = try XGBoostMatrix(features.rows(of: texts), threads: threads, library: library)
            let width = areExclusive ? labels : 1
            let outputs = try boosters.map { booster in
                try booster.set("nthread", "\(threads)")
                return try booster.predictions(of: rows, width: width)
            }
            return (0..<texts.count).map { row in
                outputs.flatMap { $0[row * width..<(row + 1) * width].map(Double.init) }
            }
        } catch let fault as XGBoostFault {
            throw TrainingError.diverged("libxgboost \(library.version) could not predict: \(fault).")
        }
    }
}
