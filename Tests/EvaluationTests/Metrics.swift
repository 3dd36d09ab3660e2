import FoundationEssentials
import TestSupport
import Testing

/// The results of scikit-learn for random labels, as `Fixtures/metrics/make_metrics.py` writes them.
struct Metrics: Decodable {
    /// Items with one label each.
    struct Single: Decodable, CustomTestStringConvertible {
        let name: String
        let labels: [String]
        let truth: [Int]
        let given: [Int]
        let confidences: [Double]
        let accuracy: Double
        let confusion: [[Int]]
        let perLabel: [[Double]]
        let averages: [String: [Double]]
        let expectedCalibrationError: Double
        let report: String

        var testDescription: String { name }
    }

    /// The precision and recall of one label at each threshold, the highest threshold first; empty if no item has the
    /// label.
    struct Curve: Decodable {
        let precision: [Double]
        let recall: [Double]
        let thresholds: [Double]
    }

    /// Items with any number of labels.
    struct Multi: Decodable, CustomTestStringConvertible {
        let name: String
        let labels: [String]
        let truth: [[Bool]]
        let probabilities: [[Double]]
        let thresholds: [Double]
        let subsetAccuracy: Double
        let perLabel: [[Double]]
        let averages: [String: [Double]]
        let bestF1: [Double]
        let curves: [Curve]
        let averagePrecision: [Double]
        let report: String

        var testDescription: String { name }
    }

    let single: [Single]
    let multi: [Multi]

    static let cases: Metrics = {
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(
                Metrics.self, from: Data(contentsOf: Locations.fixtures.appending(path: "metrics/metrics.json")))
        } catch {
            Issue.record(error, "metrics.json")
            return Metrics(single: [], multi: [])
        }
    }()
}

/// Returns whether two values are equal except for rounding; the sums have a few hundred terms.
func isClose(_ found: [Double], _ expected: [Double]?) -> Bool {
    guard let expected, found.count == expected.count else { return false }
    return zip(found, expected).allSatisfy { ($0 - $1).magnitude <= 1e-12 }
}
