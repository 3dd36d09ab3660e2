import Experiments
import Glibc
import Testing

@Suite("Search strategies")
struct SearchStrategyTests {
    /// A function of one to three coordinates from 0 to 1 with a known maximum.
    struct Function: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let coordinates: Int
        /// The value from which the maximum counts as found.
        let goal: Double
        let value: @Sendable ([Double]) -> Double
    }

    static let functions = [
        // Forrester et al. 2008, negated; the minimum of the original is −6.0207.
        Function(testDescription: "Forrester, one coordinate", coordinates: 1, goal: 6.0) { x in
            -(6 * x[0] - 2) * (6 * x[0] - 2) * sin(12 * x[0] - 4)
        },
        // Dixon & Szegö 1978, negated; the minimum of the original is 0.3979.
        Function(testDescription: "Branin, two coordinates", coordinates: 2, goal: -0.6) { x in
            let (a, b) = (15 * x[0] - 5, 15 * x[1])
            let valley = b - 5.1 / (4 * Double.pi * Double.pi) * a * a + 5 / Double.pi * a - 6
            return -(valley * valley + 10 * (1 - 1 / (8 * Double.pi)) * cos(a) + 10)
        },
        // Hartmann 1972, negated; the minimum of the original is −3.8628.
        Function(testDescription: "Hartmann, three coordinates", coordinates: 3, goal: 3.75) { x in
            let weights = [1.0, 1.2, 3.0, 3.2]
            let widths = [[3.0, 10, 30], [0.1, 10, 35], [3, 10, 30], [0.1, 10, 35]]
            let centres = [
                [0.3689, 0.1170, 0.2673], [0.4699, 0.4387, 0.7470], [0.1091, 0.8732, 0.5547], [0.0381, 0.5743, 0.8828],
            ]
            return (0..<4).reduce(0.0) { sum, peak in
                var distance = 0.0
                for index in 0..<3 {
                    let difference = x[index] - centres[peak][index]
                    distance += widths[peak][index] * difference * difference
                }
                return sum + weights[peak] * exp(-distance)
            }
        },
    ]

    /// Returns the number of evaluations needed to reach the goal, at most `limit`.
    private func evaluations(
        _ strategy: SearchStrategy, _ function: Function, seed: UInt64, limit: Int
    ) throws -> Int {
        let options = ["warm-up=0..1", "masked-numbers=0..1", "shortened=0..1"].prefix(function.coordinates)
        let space = try SearchSpace(options.map { try SearchDimension($0) })
        var observations: [SearchStrategy.Observation] = []
        while observations.count < limit {
            let settings = try #require(
                strategy.proposal(
                    in: space, tried: observations.map(\.settings), observations: observations, seed: seed))
            let value = function.value(space.coordinates(of: settings))
            observations.append(.init(settings: settings, value: value))
            if value >= function.goal { break }
        }
        return observations.count
    }

    @Test(
        "Bayesian search needs less than half as many evaluations as random search", arguments: functions)
    func known(_ function: Function) throws {
        let seeds: [UInt64] = [1, 2, 3, 4, 5]
        let limit = 400
        let random = try seeds.map { try evaluations(.random, function, seed: $0, limit: limit) }
        let bayesian = try seeds.map { try evaluations(.bayesian, function, seed: $0, limit: 60) }
        #expect(bayesian.allSatisfy { $0 < 60 }, "\(bayesian)")
        #expect(2 * bayesian.reduce(0, +) < random.reduce(0, +), "Bayesian \(bayesian), random \(random)")
    }

    @Test("Equal observations and seeds give equal proposals", arguments: SearchStrategy.allCases)
    func determinism(strategy: SearchStrategy) throws {
        let space = try SearchSpace([SearchDimension("learning-rate=log:1e-5..1e-3"), SearchDimension("downsample")])
        let observations = [(1e-4, "true", 0.7), (3e-4, "false", 0.8), (2e-5, "true", 0.6), (5e-4, "false", 0.75)].map {
            SearchStrategy.Observation(
                settings: [
                    Setting(option: "--learning-rate", value: "\($0.0)"), Setting(option: "--downsample", value: $0.1),
                ], value: $0.2)
        }
        func proposal(seed: UInt64) -> [Setting]? {
            strategy.proposal(in: space, tried: observations.map(\.settings), observations: observations, seed: seed)
        }
        #expect(proposal(seed: 1) == proposal(seed: 1))
        #expect(proposal(seed: 1) != proposal(seed: 2))
    }

    @Test("No combination is proposed twice, and an exhausted space gives none", arguments: SearchStrategy.allCases)
    func exhaustion(strategy: SearchStrategy) throws {
        let space = try SearchSpace([SearchDimension("epochs=1..3"), SearchDimension("storage")])
        var observations: [SearchStrategy.Observation] = []
        while let settings = strategy.proposal(
            in: space, tried: observations.map(\.settings), observations: observations, seed: 1)
        {
            #expect(!observations.contains { $0.settings == settings })
            observations.append(.init(settings: settings, value: Double(observations.count % 3)))
            if observations.count > 6 { break }
        }
        #expect(observations.count == 6)
    }
}
