import Checkpoint
import FoundationEssentials
import MLflow

/// How much of a journal a store has acknowledged: `sent.json` beside the journal.
package struct DeliveryState: Codable, Sendable, Equatable {
    /// Where to, without credentials.
    package var destination: String
    /// The bytes of the journal that were acknowledged.
    package var offset = 0
    /// How far the store may have the journal beyond ``offset``: where the entry there was refused, and what follows it was not.
    package var reached: Int?
    /// The run there, once it is made.
    package var run: StoredRun?
    /// Why not everything is sent, where that is so.
    package var problem: String?

    /// Nothing sent to `destination` yet.
    package init(destination: String) {
        self.destination = destination
    }

    /// Reads the file; `nil` where there is none, or none that can be used: then everything is asked about again.
    package static func read(_ path: String) -> DeliveryState? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return try? JSONDecoder().decode(DeliveryState.self, from: data)
    }

    /// Writes the file; it appears complete or not at all.
    package func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        var file = try ReplacementFile(for: path)
        try file.write(Array(try encoder.encode(self)) + [UInt8(ascii: "\n")])
        try file.commit()
    }
}

/// A run as a store knows it.
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
