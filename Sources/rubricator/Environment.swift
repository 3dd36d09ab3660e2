import ArgumentParser
import Configuration

/// The environment's say in settings: each flag's twin, such as `RUBRICATOR_PORT` for `--port`.
struct Environment {
    private let reader: ConfigReader

    /// The process's environment, or another for tests.
    init(_ provider: EnvironmentVariablesProvider = EnvironmentVariablesProvider()) {
        reader = ConfigReader(provider: provider).scoped(to: "rubricator")
    }

    /// The flag's value where it was given, else its twin's, else none.
    ///
    /// - Parameters:
    ///   - flag: The flag's value.
    ///   - name: The flag's name without dashes in front.
    /// - Returns: `nil` where neither was given.
    /// - Throws: `ValidationError` where the twin's value does not read as the flag's would.
    func resolve<Value: ExpressibleByArgument>(_ flag: Value?, _ name: String) throws -> Value? {
        if let flag { return flag }
        let twin = "RUBRICATOR_" + name.uppercased().replacing("-", with: "_")
        guard let text = reader.string(forKey: ConfigKey(name.split(separator: "-").map(String.init))) else {
            return nil
        }
        guard let value = Value(argument: text) else {
            throw ValidationError("\(twin) is \"\(text)\", which does not read as a value of --\(name).")
        }
        return value
    }

    /// The same for a flag that may be given several times; its twin's values are separated by commas.
    func resolve(_ flags: [String], _ name: String) throws -> [String] {
        guard flags.isEmpty else { return flags }
        return try resolve(String?.none, name)?.split(separator: ",").map(String.init) ?? []
    }
}
