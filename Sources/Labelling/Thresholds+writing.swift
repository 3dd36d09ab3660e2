import Checkpoint
import JSON

extension Thresholds {
    /// The name of the thresholds file in a checkpoint directory.
    public static let fileName = "best_thresholds.json"

    /// Returns the contents of `best_thresholds.json`: an object from label to threshold, as ``init(json:labels:)``
    /// reads it.
    ///
    /// - Parameter labels: The label names of the checkpoint.
    /// - Returns: The bytes of the file.
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

    /// Writes `best_thresholds.json`, replacing an existing file only when the new one is complete.
    ///
    /// - Parameters:
    ///   - directory: The path of the checkpoint directory.
    ///   - labels: The label names of the checkpoint.
    /// - Throws: `CheckpointError` if the file cannot be written.
    public func write(toDirectory directory: String, labels: [String]) throws {
        var file = try ReplacementFile(for: "\(directory)/\(Self.fileName)")
        try file.write(json(labels: labels))
        try file.commit()
    }
}
