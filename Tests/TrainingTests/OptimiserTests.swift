import Checkpoint
import Corpora
import Kernels
import Model
import Runs
import TestSupport
import Testing
import Training

@Suite("Optimisation")
struct OptimiserTests {
    struct Factor: CustomTestStringConvertible, Sendable {
        let steps: Int
        let warmUp: Double
        let step: Int
        let factor: Double
        var testDescription: String { "step \(step) of \(steps), warm-up \(warmUp)" }
    }

    /// The factors that transformers.get_linear_schedule_with_warmup returns.
    static let factors = [
        Factor(steps: 10, warmUp: 0.2, step: 0, factor: 0), Factor(steps: 10, warmUp: 0.2, step: 1, factor: 0.5),
        Factor(steps: 10, warmUp: 0.2, step: 2, factor: 1), Factor(steps: 10, warmUp: 0.2, step: 6, factor: 0.5),
        Factor(steps: 10, warmUp: 0.2, step: 9, factor: 0.125), Factor(steps: 10, warmUp: 0.2, step: 10, factor: 0),
        Factor(steps: 4, warmUp: 0, step: 0, factor: 1), Factor(steps: 4, warmUp: 1, step: 3, factor: 0.75),
        Factor(steps: 1, warmUp: 0.1, step: 0, factor: 1),
    ]

    @Test("The learning rate rises and falls linearly", arguments: factors)
    func schedule(_ row: Factor) {
        #expect(LearningRateSchedule(steps: row.steps, warmUp: row.warmUp).factor(at: row.step) == row.factor)
    }

    private func network() throws -> TrainableNetwork {
        let base = try TinyRun.base()
        var generator = SeededGenerator(seed: 1)
        return try TrainableNetwork(base.configuration, base: base.directory.tensors(), generator: &generator)
    }

    @Test("Each layer has its own learning rate, and only matrices have weight decay")
    func groups() throws {
        var recipe = Recipe(task: .sequenceLabelling)
        recipe.learningRate = 1
        recipe.headLearningRate = 0.3
        recipe.layerDecay = 0.5
        recipe.weightDecay = 0.02
        let parameters = try network().parameters
        let groups = Optimiser(parameters, layers: 2, recipe: recipe).groups
        #expect(groups.count == parameters.count)
        for (parameter, group) in zip(parameters, groups) {
            let name = parameter.name
            let rate =
                if name.hasPrefix("bert.embeddings") {
                    0.25
                } else if name.hasPrefix("bert.encoder.layer.0") {
                    0.5
                } else if name.hasPrefix("bert.encoder.layer.1") {
                    1.0
                } else {
                    0.3
                }
            #expect(group.rate == rate, "\(name)")
            let decays =
                name.contains(".weight") && !name.contains("LayerNorm") && !name.hasPrefix("crf.")
            #expect(group.decay == (decays ? 0.02 : 0), "\(name)")
        }
    }

    @Test("A gradient that is not finite changes no parameter", arguments: [Float.nan, .infinity])
    func notFinite(value: Float) throws {
        let parameters = try network().parameters
        let optimiser = Optimiser(parameters, layers: 2, recipe: TinyRun.recipe)
        let before = parameters.map { $0.value.values }
        parameters[2].gradient[0, 0] = value
        #expect(!optimiser.step(0, factor: 1, team: ThreadTeam(count: 1)).isFinite)
        #expect(parameters.map { $0.value.values } == before)
    }

    @Test("Gradients are clipped: two multiples of a long gradient give the same step")
    func clipping() throws {
        func stepped(scale: Float) throws -> [[Float]] {
            let parameters = try network().parameters
            var generator = SeededGenerator(seed: 5)
            for parameter in parameters {
                for row in 0..<parameter.gradient.rows {
                    for column in 0..<parameter.gradient.columns {
                        parameter.gradient[row, column] = scale * Float.random(in: -1...1, using: &generator)
                    }
                }
            }
            let optimiser = Optimiser(parameters, layers: 2, recipe: TinyRun.recipe)
            let norm = optimiser.step(0, factor: 1, team: ThreadTeam(count: 1))
            #expect(norm > 50)
            return parameters.map { $0.value.values }
        }
        let (small, large) = (try stepped(scale: 1), try stepped(scale: 8))
        let difference = zip(small.joined(), large.joined()).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
        #expect(difference < 1e-6)
    }

    @Test("The weight average warms up, follows the parameters, and is exchanged with them temporarily")
    func average() throws {
        let parameters = try network().parameters
        let average = WeightAverage(parameters, decay: 0.9)
        #expect(average.decay(at: 0) == 0.1)
        #expect(average.decay(at: 1_000) == 0.9)
        let start = parameters[0].value[5, 0]
        parameters[0].value[5, 0] = start + 1
        average.update(0, team: ThreadTeam(count: 1))
        let inside = average.withAveragedParameters { parameters[0].value[5, 0] }
        #expect(abs(inside - (start + 0.9)) < 1e-5)
        #expect(parameters[0].value[5, 0] == start + 1)
    }

    @Test("Generators differ between purposes and places, and equal ones repeat their numbers")
    func generators() {
        var seen: Set<UInt64> = []
        for purpose in [SplitMix64.Purpose.order, .augmentation, .dropout] {
            for place in 0..<100 {
                var (first, second) = (SplitMix64(seed: 1, purpose, place), SplitMix64(seed: 1, purpose, place))
                let number = first.next()
                #expect(second.next() == number)
                #expect(seen.insert(number).inserted)
            }
        }
        // The numbers for seed 1234567 were published with the algorithm.
        var published = SplitMix64(seed: 1_234_567)
        let numbers: [UInt64] = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        #expect(numbers.map { _ in published.next() } == numbers)
    }
}
