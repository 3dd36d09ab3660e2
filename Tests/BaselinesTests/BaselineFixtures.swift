import FoundationEssentials
import TestSupport

/// What Fixtures/baselines/make_baseline_fixtures.py wrote.
enum BaselineFixtures {
    /// A file as its type.
    static func read<Value: Decodable>(_ name: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            Value.self, from: Data(contentsOf: Locations.fixtures.appending(path: "baselines/\(name)")))
    }
}
