public import FoundationEssentials

/// Where the tests' inputs lie.
public enum Locations {
    /// The package's root directory.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// Inputs and expected values, beside the scripts that made them.
    public static let fixtures = root.appending(path: "Tests/Fixtures")
    /// The shipped checkpoint.
    public static let models = root.appending(path: "Models")
    /// Labelled corpora and goldens that are not part of the project; `nil` where they are not beside the checkout.
    public static let shared: URL? = {
        let directory = root.deletingLastPathComponent().appending(path: "shared")
        return FileManager.default.fileExists(atPath: directory.path()) ? directory : nil
    }()
}
