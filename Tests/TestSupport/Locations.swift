public import FoundationEssentials

/// The directories that contain the inputs of the tests.
public enum Locations {
    /// The package's root directory.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// Inputs and expected values, beside the scripts that generate them.
    public static let fixtures = root.appending(path: "Tests/Fixtures")
    /// The shipped checkpoint.
    public static let models = root.appending(path: "Models")
    /// Labelled corpora and expected values that are not part of the project. `nil` if they are not beside the
    /// checkout.
    public static let shared: URL? = {
        let directory = root.deletingLastPathComponent().appending(path: "shared")
        return FileManager.default.fileExists(atPath: directory.path()) ? directory : nil
    }()
}
