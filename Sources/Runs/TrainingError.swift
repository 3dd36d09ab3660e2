/// Why a training run cannot start or go on.
public enum TrainingError: Error, CustomStringConvertible, Equatable {
    /// A setting of the recipe makes no sense, alone or with the corpus or the base checkpoint.
    case recipe(String)
    /// The run needs more memory than there is.
    case memory(String)
    /// The output directory cannot be used, or a file in it cannot be written.
    case output(String)
    /// The saved state is missing, damaged, or another run's.
    case state(String)
    /// The loss or the gradient is no longer a finite number.
    case diverged(String)

    package static let missingOpenBLAS = TrainingError.recipe(
        "training needs OpenBLAS, and libopenblas.so.0 is not installed. Install it (Debian: libopenblas0).")

    /// What, where, expected, found and what to do.
    public var description: String {
        switch self {
        case .recipe(let sentence), .memory(let sentence), .output(let sentence), .state(let sentence),
            .diverged(let sentence):
            sentence
        }
    }
}
