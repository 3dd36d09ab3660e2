/// The reason that a training run cannot start or continue.
public enum TrainingError: Error, CustomStringConvertible, Equatable {
    /// A setting of the recipe is not valid, on its own or with the corpus or the base checkpoint.
    case recipe(String)
    /// The run needs more memory than is available.
    case memory(String)
    /// The output directory cannot be used, or a file in it cannot be written.
    case output(String)
    /// The saved state is missing, damaged, or belongs to another run.
    case state(String)
    /// The loss or the gradient is no longer finite.
    case diverged(String)

    package static let missingOpenBLAS = TrainingError.recipe(
        "training needs OpenBLAS, and libopenblas.so.0 is not installed. Install it (Debian: libopenblas0).")

    /// A sentence that says what is wrong, what was expected and what to do.
    public var description: String {
        switch self {
        case .recipe(let sentence), .memory(let sentence), .output(let sentence), .state(let sentence),
            .diverged(let sentence):
            sentence
        }
    }
}
