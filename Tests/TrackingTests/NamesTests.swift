import FoundationEssentials
import MLflow
import TestSupport
import Testing
import Tracking

@Suite("URIs, names and settings of tracking")
struct NamesTests {
    @Test(
        "URIs of models are parsed",
        arguments: [
            ("runs:/abc/model", ModelReference.run(id: "abc", path: "model")),
            ("runs:/abc/a/b", .run(id: "abc", path: "a/b")),
            ("models:/roles@champion", .alias(name: "roles", alias: "champion")),
            ("models:/a@b@c", .alias(name: "a@b", alias: "c")),
            ("models:/roles/12", .version(name: "roles", version: "12")),
            ("models:/m-0123", .model(id: "m-0123")),
        ])
    func reference(_ uri: String, _ expected: ModelReference) throws {
        #expect(try ModelReference(uri) == expected)
        #expect(expected.description == uri)
    }

    @Test(
        "Invalid URIs of models are refused",
        arguments: [
            "", "runs:/", "runs:/abc", "models:/", "models:/roles", "models:/roles/x", "models:/@a", "models:/a@", "/x",
        ])
    func noReference(_ uri: String) {
        let error = #expect(throws: MLflowError.self) { try ModelReference(uri) }
        #expect(error?.description.contains("expected") == true)
    }

    @Test(
        "Tracking URIs are parsed",
        arguments: [
            ("http://h:5000/", "http://h:5000"), ("https://me:secret@h/team/", "https://h/team"),
            ("/runs", "/runs"), ("file:///some%20runs", "/some runs"), ("sqlite:////runs/mlflow.db", "/runs/"),
        ])
    func destination(_ uri: String, _ expected: String) throws {
        #expect("\(try Destination(uri: uri, environment: [:]))" == expected)
    }

    @Test("A relative folder is in the working directory")
    func relativeFolder() throws {
        let expected = Destination.folder("\(FileManager.default.currentDirectoryPath)/runs")
        #expect(try Destination(uri: "runs", environment: [:]) == expected)
    }

    @Test(
        "Invalid tracking URIs are refused",
        arguments: [
            "http://", "databricks:profile", "postgresql://me:secret@h/db", "sqlite:///other.db", "file://host/x",
        ])
    func noDestination(_ uri: String) {
        let error = #expect(throws: MLflowError.self) { try Destination(uri: uri, environment: [:]) }
        #expect(error?.description.contains("secret") == false)
    }

    struct Access: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let uri: String
        let environment: [String: String]
        let expected: Credentials?
    }

    static let access = [
        Access(testDescription: "none", uri: "http://h", environment: [:], expected: nil),
        Access(
            testDescription: "a token", uri: "http://h", environment: ["MLFLOW_TRACKING_TOKEN": "t"],
            expected: .bearer("t")),
        Access(
            testDescription: "a name and password take precedence over a token", uri: "http://h",
            environment: [
                "MLFLOW_TRACKING_TOKEN": "t", "MLFLOW_TRACKING_USERNAME": "n", "MLFLOW_TRACKING_PASSWORD": "p",
            ], expected: .basic(name: "n", password: "p")),
        Access(
            testDescription: "those in the URI take precedence", uri: "http://a%40b:c%3A@h",
            environment: ["MLFLOW_TRACKING_USERNAME": "n", "MLFLOW_TRACKING_PASSWORD": "p"],
            expected: .basic(name: "a@b", password: "c:")),
        Access(
            testDescription: "empty variables are ignored", uri: "http://h", environment: ["MLFLOW_TRACKING_TOKEN": ""],
            expected: nil),
    ]

    @Test("Credentials are read from the URI or the environment", arguments: access)
    func credentials(_ row: Access) throws {
        let server = try TrackingServer(uri: row.uri, environment: row.environment)
        #expect(server.credentials == row.expected)
        #expect(server.url == "http://h")
        #expect("\(server.credentials.map { "\($0) \(String(reflecting: $0))" } ?? "")".contains("Basic") == false)
    }

    @Test("The command line takes precedence over the environment, and the environment over the defaults")
    func settings() throws {
        func settings(_ uri: String?, _ experiment: String?, _ name: String?, _ environment: [String: String]) throws
            -> [String]
        {
            let settings = try TrackingSettings(
                uri: uri, experiment: experiment, runName: name, directory: "/out", name: "model",
                defaultExperiment: "pubmed-rct-classification", environment: environment)
            return ["\(settings.destination)", settings.experiment, settings.runName]
        }
        let environment = [
            "MLFLOW_TRACKING_URI": "http://e", "MLFLOW_EXPERIMENT_NAME": "ee", "MLFLOW_RUN_NAME": "en",
        ]
        #expect(try settings(nil, nil, nil, [:]) == ["/out/mlruns", "pubmed-rct-classification", "model"])
        #expect(try settings(nil, nil, nil, environment) == ["http://e", "ee", "en"])
        #expect(try settings("http://o", "oe", "on", environment) == ["http://o", "oe", "on"])
    }

    @Test(
        "Names are converted to ones that MLflow accepts",
        arguments: [
            ("val_f1_METHODS", "val_f1_METHODS"), ("a b/c.d:e-f", "a b/c.d:e-f"), ("what?(1)", "what__1_"),
            ("größe", "größe"), ("x²/½ Ⅷ٣_", "x²/½ Ⅷ٣_"),
            // Vowel signs, a decomposed umlaut and a symbol that is a number.
            ("हिंदी", "ह__द_"), ("gro\u{308}ße", "gro_ße"), ("𐅁①😀", "𐅁①_"),
            ("", "_"), ("a//b", "a/_/b"), ("x/", "x/_"), ("/x", "_/x"), (".", "_"), ("a/./b", "a/_/b"),
            ("../x/..", "__/x/__"), ("..a", "__a"), ("a/..b/.c", "a/..b/.c"), ("\r\n", "__"), ("a/\u{301}", "a/_"),
        ])
    func key(_ name: String, _ expected: String) {
        #expect(LogLimits.key(name) == expected)
    }

    @Test("Values that are too long are truncated and marked")
    func cut() {
        let long = String(repeating: "é", count: 300)
        #expect(LogLimits.key(long).unicodeScalars.count == 250 && LogLimits.key(long).hasSuffix("é_"))
        #expect(LogLimits.key(String(repeating: "a", count: 248) + "/..").hasSuffix("a/_"))
        #expect(LogLimits.shortened("abc", to: 3) == "abc")
        #expect(LogLimits.shortened("abcd", to: 3) == "ab…")
    }
}
