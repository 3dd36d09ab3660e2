import FoundationEssentials
import JSON
import MLflow

/// The `MLmodel` file beside a checkpoint's: what MLflow asks of a directory to take it for a model.
///
/// Its one flavour is this program's: the directory is read by `rubricator serve --model` and by `from_pretrained` of Hugging
/// Face's transformers, as it is.
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

    /// Always the same for the same model: the file may be written again after an unknown outcome.
    var yaml: [UInt8] {
        func text(_ value: String) -> String {
            // A string of JSON is one of YAML.
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
