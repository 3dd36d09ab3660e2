import Labelling
public import Model
import Runs

/// The most memory that a run will use.
public struct MemoryEstimate: Sendable, Equatable {
    /// The bytes for weights, gradients, moments and, if there is one, the weight average.
    public let parameters: Int
    /// The bytes for activations and their gradients.
    public let workspace: Int
    /// The bytes for the written checkpoint and its engine during the evaluation of an epoch.
    public let evaluation: Int

    /// The total number of bytes.
    public var total: Int { parameters + workspace + evaluation }

    /// Estimates the memory for a recipe.
    ///
    /// - Parameters:
    ///   - recipe: The recipe, whose token budget, averaging and threads matter here.
    ///   - configuration: The configuration of the network.
    ///   - parameterCount: The number of trainable parameters.
    public init(_ recipe: Recipe, configuration: Configuration, parameterCount: Int) {
        let copies = recipe.averaging > 0 ? 5 : 4
        parameters = 4 * copies * parameterCount
        workspace = TrainingWorkspace.bytes(
            for: configuration, labels: configuration.labels?.count ?? 0, tokens: recipe.tokensPerBatch,
            threads: recipe.threads)
        // The evaluation holds the weights twice, once packed for matrix multiplication, and about eight rows of the
        // hidden width for each token.
        let row = 8 * configuration.width + configuration.intermediateWidth
        evaluation = 4 * (2 * parameterCount + Engine.defaultTokens * row)
    }

    /// Throws an error if a run would not fit into memory.
    ///
    /// - Parameters:
    ///   - recipe: The recipe, whose token budget, averaging and threads matter here.
    ///   - configuration: The configuration of the network.
    ///   - parameterCount: The number of trainable parameters.
    ///   - available: The available memory in bytes.
    /// - Throws: ``TrainingError/memory(_:)`` with the largest token budget that would fit, if there is one.
    static func check(
        _ recipe: Recipe, configuration: Configuration, parameterCount: Int, available: Int
    ) throws(TrainingError) {
        func estimate(_ tokens: Int) -> MemoryEstimate {
            var recipe = recipe
            recipe.tokensPerBatch = tokens
            return MemoryEstimate(recipe, configuration: configuration, parameterCount: parameterCount)
        }
        let needed = estimate(recipe.tokensPerBatch).total
        guard needed > available else { return }
        // The estimate grows with the token budget, so bisection finds the largest budget that fits.
        var (fitting, refused) = (configuration.positions, recipe.tokensPerBatch)
        let smallest = estimate(fitting).total
        guard smallest <= available, fitting < refused else {
            throw .memory(
                "this run needs at least \(megabytes(min(smallest, needed))) MB of memory, but \(megabytes(available)) MB are available; choose a smaller base checkpoint, or free memory."
            )
        }
        while refused - fitting > 1 {
            let middle = fitting + (refused - fitting) / 2
            if estimate(middle).total <= available { fitting = middle } else { refused = middle }
        }
        throw .memory(
            "this run needs \(megabytes(needed)) MB of memory, but \(megabytes(available)) MB are available; lower --tokens-per-batch to \(fitting)."
        )
    }

    private static func megabytes(_ bytes: Int) -> Int { bytes / 1_000_000 }
}
