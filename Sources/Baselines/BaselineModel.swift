import Corpora
import Runs

/// A baseline model that can be trained, saved, loaded and used for prediction.
protocol BaselineModel {
    /// The settings of this kind of model.
    associatedtype Settings

    /// Trains a model.
    ///
    /// - Parameters:
    ///   - data: The training data, and the development data on which the best pass is chosen.
    ///   - settings: The settings of this kind of model.
    ///   - recipe: The recipe with all other settings.
    ///   - report: A closure that is called after each pass; training ends if it throws.
    /// - Throws: `TrainingError`, or the error that `report` throws.
    init(
        fitting data: BaselineData, settings: Settings, recipe: BaselineRecipe,
        report: (BaselineProgress) throws -> Void
    ) throws

    /// Loads a model that ``write(to:)`` wrote.
    ///
    /// - Parameters:
    ///   - files: The files of the baseline's directory, which are verified as they are read.
    ///   - settings: The settings that the model was trained with.
    ///   - labels: The number of labels.
    ///   - recipe: The recipe that the model was trained with.
    /// - Throws: ``BaselineError`` if a file is not valid.
    init(files: BaselineFiles, settings: Settings, labels: Int, recipe: BaselineRecipe) throws

    /// Returns the probability of each label for each text.
    ///
    /// - Parameters:
    ///   - texts: The texts; their labels are ignored.
    ///   - threads: The number of threads.
    /// - Returns: Probabilities as `[texts][labels]`; each row sums to 1 if labels exclude each other.
    /// - Throws: `TrainingError` if a library fails.
    func probabilities(of texts: [TrainingText], threads: Int) throws -> [[Double]]

    /// Writes the files of the model, each of them atomically.
    ///
    /// - Returns: The names of the files.
    func write(to directory: RunDirectory) throws -> [String]
}
