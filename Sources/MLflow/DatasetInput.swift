package import JSON

/// A data set that a run used, and its purpose.
public struct DatasetInput: Sendable, Equatable {
    /// Name, for example the file name.
    public var name: String
    /// Digest of the content, at most ``longestDigest`` characters.
    public var digest: String
    /// Type of the source, such as `local`.
    public var sourceType: String
    /// Source of the data, as JSON.
    public var source: String
    /// Schema of the data as JSON, or empty.
    public var schema: String
    /// Statistics of the data as JSON, or empty.
    public var profile: String
    /// Purpose of the data, such as `train`; MLflow stores it as the tag `mlflow.data.context`.
    public var context: String

    /// The longest digest that MLflow stores, in characters.
    public static let longestDigest = 36
    private static let contextTag = "mlflow.data.context"

    /// Creates a data set.
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

    /// Reads a data set from the JSON that ``write(to:)`` and MLflow write.
    package init(_ json: JSONValue) {
        let dataset = json["dataset"] ?? .null
        self.init(
            name: dataset.string("name"), digest: dataset.string("digest"), sourceType: dataset.string("source_type"),
            source: dataset.string("source"), schema: dataset.string("schema"), profile: dataset.string("profile"),
            context: json.pairs("tags")[Self.contextTag] ?? "")
    }

    /// The tags in which a tracking store keeps the context.
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
