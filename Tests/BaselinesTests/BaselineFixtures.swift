import FoundationEssentials
import TestSupport

/// The fixtures that Fixtures/baselines/make_baseline_fixtures.py wrote.
enum BaselineFixtures {
    /// Reads and decodes a JSON file.
    static func read<Value: Decodable>(_ name: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            Value.self, from: Data(contentsOf: Locations.fixtures.appending(path: "baselines/\(name)")))
    }
}
