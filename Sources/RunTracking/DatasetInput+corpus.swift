import JSON
public import MLflow
public import Runs

extension DatasetInput {
    /// The schema of texts or sentences with their labels.
    private static let textColumns =
        #"{"mlflow_colspec":[{"type":"string","name":"text","required":true},{"type":"string","name":"label","required":true}]}"#

    /// Creates the description of a part of a run's data. The digest is the beginning of its SHA-256. The profile has
    /// the complete SHA-256, the counts and the digest of every file.
    ///
    /// - Parameters:
    ///   - part: The training, development or test data.
    ///   - context: The use of the data: `train`, `dev` or `test`.
    public init(_ part: DataRecord.Part, context: String) {
        let names = part.files.map(\.name)
        var source = JSONWriter()
        source.object {
            $0.member("uri", names.joined(separator: ","))
        }
        var profile = JSONWriter()
        profile.object { json in
            json.member("num_rows", part.items)
            if let sentences = part.sentences {
                json.member("sentences", sentences)
            }
            json.member("sha256", part.sha256)
            json.key("labels")
            json.object { json in
                for (label, count) in part.labels.sorted(by: { $0.key < $1.key }) {
                    json.member(label, count)
                }
            }
            json.key("files")
            json.array(part.files) { json, file in
                json.object {
                    $0.member("name", file.name)
                    $0.member("sha256", file.sha256)
                }
            }
        }
        self.init(
            name: LogLimits.shortened(names.joined(separator: "+"), to: 400),
            digest: String(part.sha256.prefix(Self.longestDigest)),
            source: String(decoding: source.bytes, as: UTF8.self),
            schema: Self.textColumns, profile: String(decoding: profile.bytes, as: UTF8.self), context: context)
    }

    /// Returns the descriptions of a run's data sets. MLflow treats data sets with the same name and digest as one and
    /// keeps only one context, so the context is appended to the name of a later one.
    public static func parts(_ parts: [(part: DataRecord.Part, context: String)]) -> [DatasetInput] {
        parts.reduce(into: []) { inputs, part in
            var input = DatasetInput(part.part, context: part.context)
            if inputs.contains(where: { $0.name == input.name && $0.digest == input.digest }) {
                input.name += " (\(part.context))"
            }
            inputs.append(input)
        }
    }
}
