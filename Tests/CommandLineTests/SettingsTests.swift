import Runs
import Serving
import TestSupport
import Testing
import Training

@Suite("Options of settings")
struct SettingsTests {
    /// The help of a command on one line.
    private func help(_ program: String, _ command: String) throws -> String {
        try Program(program).run([command, "--help"]).output.split(whereSeparator: \.isWhitespace).joined(
            separator: " ")
    }

    @Test("The help of serve lists every setting of the service with its sentence and default")
    func service() throws {
        let help = try help("rubricator", "serve")
        for setting in ServiceSetting.all {
            #expect(help.contains("--\(setting.name) <\(setting.name)> \(setting.helpWithDefault)"))
        }
    }

    @Test(
        "The help of every training command lists every setting of the recipe", arguments: ["fit", "compare", "tune"])
    func recipe(command: String) throws {
        let help = try help("rubricator-train", command)
        for setting in RecipeSetting.all {
            let name = setting.option.dropFirst(2)
            let option = setting.kind == .flag ? "--\(name)" : "--\(name) <\(name)>"
            #expect(help.contains("\(option) \(setting.helpWithDefault)"))
        }
    }

    @Test("The defaults in the help are the recipe's own, and pass its checks")
    func defaults() throws {
        for task in TrainingTask.allCases { try Recipe(task: task).check() }
        #expect(RecipeSetting.named("--epochs")?.helpWithDefault.hasSuffix("(default: 4).") == true)
        #expect(
            RecipeSetting.named("--learning-rate")?.helpWithDefault.hasSuffix(
                "(default: 0.00015; 0.0001 for other tasks).")
                == true)
    }

    @Test(
        "A value outside the range is refused with the range",
        arguments: [
            ("--port", "65536", "expected a whole number from 0 to 65535"),
            ("--max-wait", "0", "expected a whole number of seconds from 1 to 86400"),
            ("--admin-reload", "all", "expected off, loopback or key"),
            ("--log-texts", "maybe", "expected true or false"),
        ])
    func outside(option: String, value: String, says: String) throws {
        let outcome = try Program("rubricator").run(["serve", option, value])
        #expect(
            outcome.status == 64 && outcome.errors.contains("'\(value)' is invalid for '\(option) ")
                && outcome.errors.contains(says), "\(outcome.errors)")
    }
}
