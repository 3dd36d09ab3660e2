import Training

/// What every baseline does.
protocol BaselineModel {
    /// What the kind has to choose.
    associatedtype Settings

    /// Learns.
    ///
    /// - Parameters:
    ///   - data: To learn from, and to choose the best pass on.
    ///   - settings: The kind's.
    ///   - recipe: Everything else.
    ///   - report: Is told after each pass, and ends the training by what it throws.
    /// - Throws: `TrainingError`, or what `report` throws.
    init(
        fitting data: BaselineData, settings: Settings, recipe: BaselineRecipe,
        report: (BaselineProgress) throws -> Void
    ) throws

    /// Reads what ``write(to:)`` wrote.
    ///
    /// - Parameters:
    ///   - files: Of the baseline's directory, their digests checked.
    ///   - settings: As they were when it learnt.
    ///   - labels: How many labels there are.
    ///   - recipe: As it was.
    /// - Throws: ``BaselineError`` for a file that is not what it should be.
    init(files: BaselineFiles, settings: Settings, labels: Int, recipe: BaselineRecipe) throws

    /// Each label's probability for each text.
    ///
    /// - Parameters:
    ///   - texts: Their labels are not looked at.
    ///   - threads: That share the work.
    /// - Returns: `[texts][labels]`; where labels exclude each other, they sum to 1.
    /// - Throws: `TrainingError` where a library fails.
    func probabilities(of texts: [TrainingText], threads: Int) throws -> [[Double]]

    /// Writes the model's files, each of which appears complete or not at all.
    ///
    /// - Returns: Their names.
    func write(to directory: RunDirectory) throws -> [String]
}
