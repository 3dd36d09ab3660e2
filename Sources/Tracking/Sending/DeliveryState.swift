import Checkpoint
import FoundationEssentials
import MLflow

/// The progress of delivering a journal to a store, saved as `sent.json` beside the journal.
package struct DeliveryState: Codable, Sendable, Equatable {
    /// The destination, without credentials.
    package var destination: String
    /// The number of bytes of the journal that the store has confirmed.
    package var offset = 0
    /// The offset beyond ``offset`` up to which the store may have the journal; set if the entry at ``offset`` was
    /// refused and later entries were sent.
    package var reached: Int?
    /// The run in the store; `nil` until it is created.
    package var run: StoredRun?
    /// The reason that uploads are pending, if there is one.
    package var problem: String?

    /// Creates the state before the first delivery to `destination`.
    package init(destination: String) {
        self.destination = destination
    }

    /// Reads the state; `nil` if the file is missing or damaged, in which case every delivery is in doubt.
    package static func read(_ path: String) -> DeliveryState? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return try? JSONDecoder().decode(DeliveryState.self, from: data)
    }

    /// Writes the state, replacing an existing file only when the new one is complete.
    package func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        var file = try ReplacementFile(for: path)
        try file.write(Array(try encoder.encode(self)) + [UInt8(ascii: "\n")])
        try file.commit()
    }
}

/// A run in a store.
package struct StoredRun: Codable, Sendable, Equatable {
    package var id: String
    package var experiment: String
    package var artifactURI: String

    package init(id: String, experiment: String, artifactURI: String) {
        self.id = id
        self.experiment = experiment
        self.artifactURI = artifactURI
    }
}
