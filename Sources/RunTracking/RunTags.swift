import FoundationEssentials
import Glibc
public import MLflow
public import Runs

/// The tags of a run, which describe its program, user, machine and data.
public enum RunTags {
    /// Returns the tags for the program, user, machine and git commit.
    ///
    /// - Parameters:
    ///   - program: The name of the program, such as "rubricator-train".
    ///   - version: The version of the program.
    ///   - environment: The environment variables of the process.
    ///   - directory: The absolute path of the working directory.
    /// - Returns: The tags, those defined by MLflow first.
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

    /// Returns tags with the digests of the training, development and test data, as far as they are given.
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
        // Leave the last byte 0, because gethostname need not terminate a truncated name.
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
