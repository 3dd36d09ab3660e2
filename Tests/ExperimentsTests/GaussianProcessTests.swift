import Experiments
import FoundationEssentials
import Glibc
import TestSupport
import Testing

@Suite("Gaussian process")
struct GaussianProcessTests {
    /// Results of scikit-learn for invented observations, written by `Fixtures/search/make_search_fixtures.py`.
    struct Case: Decodable, CustomTestStringConvertible, Sendable {
        let name: String
        let inputs: [[Double]]
        let targets: [Double]
        let parameters: [Double]
        let logLikelihood: Double
        let gradient: [Double]
        let points: [[Double]]
        let means: [Double]
        let variances: [Double]
        let improvements: [Double]
        var testDescription: String { name }
    }

    static let cases: [Case] = {
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            let file = Locations.fixtures.appending(path: "search/gaussian_process.json")
            return try decoder.decode([Case].self, from: Data(contentsOf: file))
        } catch {
            Issue.record(error, "gaussian_process.json")
            return []
        }
    }()

    @Test("Likelihood, gradient, predictions and expected improvements match scikit-learn", arguments: cases)
    func reference(_ row: Case) throws {
        let process = try #require(
            GaussianProcess(inputs: row.inputs, targets: row.targets, parameters: row.parameters))
        #expect(abs(process.logLikelihood - row.logLikelihood) < 1e-8)
        for (found, expected) in zip(process.gradient, row.gradient) { #expect(abs(found - expected) < 1e-6) }
        let best = try #require(row.targets.max())
        for (index, point) in row.points.enumerated() {
            let prediction = process.prediction(at: point)
            #expect(abs(prediction.mean - row.means[index]) < 1e-8)
            #expect(abs(prediction.variance - row.variances[index]) < 1e-8)
            #expect(abs(prediction.expectedImprovement(over: best) - row.improvements[index]) < 1e-8)
        }
    }

    @Test("Fitted parameters are more likely than the initial ones and show which coordinate matters")
    func fitting() throws {
        var generator = SeededGenerator(seed: 1)
        let inputs = (0..<25).map { _ in (0..<2).map { _ in Double.random(in: 0..<1, using: &generator) } }
        let targets = inputs.map { 3 * $0[0] * $0[0] - 2 * $0[0] }
        let process = GaussianProcess.fitted(inputs: inputs, targets: targets)
        let start = try #require(
            GaussianProcess(inputs: inputs, targets: targets, parameters: [-0.69, -0.69, 0, -6.9]))
        #expect(process.logLikelihood > start.logLikelihood)
        #expect(process.parameters[1] > process.parameters[0] + 1)
        #expect(abs(process.prediction(at: [0.5, 0.1]).mean - (0.75 - 1)) < 0.02)
    }

    @Test("A process can be fitted to equal targets and equal inputs", arguments: [1, 2, 5])
    func degenerate(count: Int) {
        let process = GaussianProcess.fitted(
            inputs: [[Double]](repeating: [0.5], count: count), targets: [Double](repeating: 0.7, count: count))
        #expect(process.prediction(at: [0.5]).mean == 0.7)
        #expect(process.prediction(at: [0.9]).variance.isFinite)
    }

    @Test("A Cholesky factor matches a known one and solves its system of equations")
    func cholesky() throws {
        let factor = try #require(CholeskyFactor([4, 12, -16, 12, 37, -43, -16, -43, 98], count: 3))
        #expect(factor.lower == [2, 0, 0, 6, 1, 0, -8, 5, 3])
        let determinant: Double = 36
        #expect(abs(factor.logDeterminant - log(determinant)) < 1e-12)
        // The right side is the matrix times (1, −2, 3): 4 − 24 − 48, 12 − 74 − 129 and −16 + 86 + 294.
        for (found, expected) in zip(factor.solve([-68, -191, 364]), [1.0, -2, 3]) {
            #expect(abs(found - expected) < 1e-9)
        }
        #expect(CholeskyFactor([1, 2, 2, 1], count: 2) == nil)
    }
}
