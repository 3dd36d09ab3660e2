import FoundationEssentials
import JSON
import MLflow

/// The `MLmodel` file of a checkpoint, which makes its directory a model for MLflow.
///
/// Its only flavour is that of this program. `rubricator serve --model` and `from_pretrained` of Hugging Face's
/// transformers read the directory as it is.
struct ModelDescription {
    static let fileName = "MLmodel"
    private let model: TrackedModel
    private let id: String
    private let run: StoredRun
    private let bytes: Int

    init(_ model: TrackedModel, from directory: String, id: String, run: StoredRun) throws {
        self.model = model
        self.id = id
        self.run = run
        bytes = try model.files.reduce(0) { try $0 + FileParts.size(of: "\(directory)/\($1)") }
    }

    /// The content of the file. It is the same for every call, because the file may be written again after an unknown
    /// outcome.
    var yaml: [UInt8] {
        func text(_ value: String) -> String {
            // Every JSON string is also a YAML string.
            var json = JSONWriter()
            json.string(value)
            return String(decoding: json.bytes, as: UTF8.self)
        }
        let created = Date(timeIntervalSince1970: Double(model.time) / 1_000)
            .formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false).dateTimeSeparator(.space))
        return Array(
            """
            artifact_path: \(text("models:/\(id)"))
            flavors:
              rubricator:
                data: "."
                task: \(text(model.task))
            model_id: \(text(id))
            model_size_bytes: \(bytes)
            model_uuid: \(text(id))
            run_id: \(text(run.id))
            utc_time_created: \(text(created))

            """.utf8)
    }
}
