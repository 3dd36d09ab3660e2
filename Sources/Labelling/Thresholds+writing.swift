import Checkpoint
import JSON

extension Thresholds {
    /// The name of the file in a checkpoint's directory.
    public static let fileName = "best_thresholds.json"

    /// The contents of `best_thresholds.json`: an object from label to threshold, as ``init(json:labels:)`` reads it.
    ///
    /// - Parameter labels: The checkpoint's labels.
    /// - Returns: The file's bytes.
    public func json(labels: [String]) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            for (label, value) in zip(labels, values) {
                json.key(label)
                json.number(value)
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    /// Writes `best_thresholds.json`, which takes an earlier one's place once it is complete.
    ///
    /// - Parameters:
    ///   - directory: The checkpoint's.
    ///   - labels: The checkpoint's labels.
    /// - Throws: `CheckpointError` where the file cannot be written.
    public func write(toDirectory directory: String, labels: [String]) throws {
        var file = try ReplacementFile(for: "\(directory)/\(Self.fileName)")
        try file.write(json(labels: labels))
        try file.commit()
    }
}
