import Tracking
public import Runs
import FoundationEssentials
import Glibc
public import MLflow
import Training

/// What a run is tagged with: who and what made it, where, and of which data.
public enum RunTags {
    /// Who and what makes a run, and where.
    ///
    /// - Parameters:
    ///   - program: Such as "rubricator-train".
    ///   - version: The program's.
    ///   - environment: The process' variables.
    ///   - directory: The working directory, as an absolute path.
    /// - Returns: MLflow's own tags first.
    public static func origin(
        program: String, version: String, environment: [String: String], directory: String
    ) -> [KeyValue] {
        var tags = [
            KeyValue("mlflow.source.name", program), KeyValue("mlflow.source.type", "LOCAL"),
        ]
        if let user = environment["USER"] ?? environment["LOGNAME"] ?? userName() {
            tags.append(KeyValue("mlflow.user", user))
        }
        if let commit = GitCommit.name(at: directory) { tags.append(KeyValue("mlflow.source.git.commit", commit)) }
        if let host = hostName() { tags.append(KeyValue("rubricator.host", host)) }
        return tags + [KeyValue("rubricator.version", version)]
    }

    /// What a run learns from, chooses by and is measured on in the end, each where it is known.
    public static func data(
        training: DataRecord.Part? = nil, development: DataRecord.Part? = nil, test: DataRecord.Part? = nil
    ) -> [KeyValue] {
        [("train", training), ("dev", development), ("test", test)].compactMap { name, part in
            part.map { KeyValue("rubricator.data.\(name).sha256", $0.sha256) }
        }
    }

    private static func userName() -> String? {
        guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name else { return nil }
        return unsafe String(cString: name)
    }

    private static func hostName() -> String? {
        var name = [CChar](repeating: 0, count: 256)
        // The last character stays 0.
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
