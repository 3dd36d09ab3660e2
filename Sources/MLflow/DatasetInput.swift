package import JSON

/// A data set that a run used, and what for.
public struct DatasetInput: Sendable, Equatable {
    /// Such as its file's name.
    public var name: String
    /// At most ``longestDigest`` characters.
    public var digest: String
    /// Such as `local`.
    public var sourceType: String
    /// JSON.
    public var source: String
    /// JSON, or nothing.
    public var schema: String
    /// JSON, or nothing.
    public var profile: String
    /// What it was used for, such as `train`; MLflow keeps it as the tag `mlflow.data.context`.
    public var context: String

    /// MLflow keeps no longer digest.
    public static let longestDigest = 36
    private static let contextTag = "mlflow.data.context"

    /// A data set.
    public init(
        name: String, digest: String, sourceType: String = "local", source: String, schema: String = "",
        profile: String = "", context: String
    ) {
        self.name = name
        self.digest = digest
        self.sourceType = sourceType
        self.source = source
        self.schema = schema
        self.profile = profile
        self.context = context
    }

    /// Reads what ``write(to:)`` and MLflow write.
    package init(_ json: JSONValue) {
        let dataset = json["dataset"] ?? .null
        self.init(
            name: dataset.string("name"), digest: dataset.string("digest"), sourceType: dataset.string("source_type"),
            source: dataset.string("source"), schema: dataset.string("schema"), profile: dataset.string("profile"),
            context: json.pairs("tags")[Self.contextTag] ?? "")
    }

    /// The tags by which a store keeps the context.
    package var tags: [KeyValue] { [KeyValue(Self.contextTag, context)] }

    package func write(to json: inout JSONWriter) {
        json.object {
            $0.pairs("tags", tags)
            $0.key("dataset")
            $0.object {
                $0.member("name", name)
                $0.member("digest", digest)
                $0.member("source_type", sourceType)
                $0.member("source", source)
                if !schema.isEmpty { $0.member("schema", schema) }
                if !profile.isEmpty { $0.member("profile", profile) }
            }
        }
    }
}
