import ArgumentParser
import Configuration

/// Settings from environment variables: each option has one, such as `RUBRICATOR_PORT` for `--port`.
struct Environment {
    private let reader: ConfigReader

    /// Reads the environment of the process, or another one in tests.
    init(_ provider: EnvironmentVariablesProvider = EnvironmentVariablesProvider()) {
        reader = ConfigReader(provider: provider).scoped(to: "rubricator")
    }

    /// The variable of an option, such as `RUBRICATOR_MAX_WAIT`.
    ///
    /// - Parameter name: The name of the option without dashes, such as `max-wait`.
    /// - Returns: The name of the variable.
    static func variable(_ name: String) -> String {
        "RUBRICATOR_" + name.uppercased().replacing("-", with: "_")
    }

    /// The value of an option's variable; `nil` where it is not set.
    func value(of name: String) -> String? {
        reader.string(forKey: ConfigKey(name.split(separator: "-").map(String.init)))
    }

    /// The value of an option, or else of its variable.
    ///
    /// - Parameters:
    ///   - option: The value on the command line.
    ///   - name: The name of the option without dashes.
    /// - Returns: The value; `nil` where neither is given.
    /// - Throws: `ValidationError` where the variable has no valid value.
    func resolve<Value: ExpressibleByArgument>(_ option: Value?, _ name: String) throws -> Value? {
        if let option { return option }
        guard let text = value(of: name) else { return nil }
        guard let value = Value(argument: text) else {
            throw ValidationError("\(Self.variable(name)) is \"\(text)\"; expected a value that --\(name) accepts.")
        }
        return value
    }

    /// The values of an option that can be repeated, or else those of its variable, separated by commas.
    func resolve(_ options: [String], _ name: String) throws -> [String] {
        guard options.isEmpty else { return options }
        return value(of: name)?.split(separator: ",").map(String.init) ?? []
    }
}
