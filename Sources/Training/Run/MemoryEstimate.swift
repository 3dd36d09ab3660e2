import Runs
import Labelling
public import Model

/// The memory a run will take at most.
public struct MemoryEstimate: Sendable, Equatable {
    /// Weights, gradients, moments and, where there is one, the average.
    public let parameters: Int
    /// Activations and their gradients.
    public let workspace: Int
    /// The written checkpoint and its engine, while an epoch is evaluated.
    public let evaluation: Int

    /// Bytes.
    public var total: Int { parameters + workspace + evaluation }

    /// Adds up what the run of a recipe takes.
    ///
    /// - Parameters:
    ///   - recipe: Budget, averaging and threads.
    ///   - configuration: Of the network.
    ///   - parameterCount: The numbers that learn.
    public init(_ recipe: Recipe, configuration: Configuration, parameterCount: Int) {
        let copies = recipe.averaging > 0 ? 5 : 4
        parameters = 4 * copies * parameterCount
        workspace = TrainingWorkspace.bytes(
            for: configuration, labels: configuration.labels?.count ?? 0, tokens: recipe.tokensPerBatch,
            threads: recipe.threads)
        // Weights once as they are and once packed for products; some eight rows of the model's width a token.
        let row = 8 * configuration.width + configuration.intermediateWidth
        evaluation = 4 * (2 * parameterCount + Engine.defaultTokens * row)
    }

    /// Refuses a run that would not fit.
    ///
    /// - Parameters:
    ///   - recipe: Budget, averaging and threads.
    ///   - configuration: Of the network.
    ///   - parameterCount: The numbers that learn.
    ///   - available: Bytes.
    /// - Throws: ``TrainingError/memory(_:)`` with the token budget that would fit.
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
        // The estimate grows with the budget: the largest one that fits lies where halves of the rest no longer do.
        var (fitting, refused) = (configuration.positions, recipe.tokensPerBatch)
        let smallest = estimate(fitting).total
        guard smallest <= available, fitting < refused else {
            throw .memory(
                "this run needs \(megabytes(min(smallest, needed))) MB of memory at least, but \(megabytes(available)) MB are available; choose a smaller base checkpoint, or free memory."
            )
        }
        while refused - fitting > 1 {
            let middle = fitting + (refused - fitting) / 2
            if estimate(middle).total <= available { fitting = middle } else { refused = middle }
        }
        throw .memory(
            "this run needs \(megabytes(needed)) MB of memory, but \(megabytes(available)) MB are available; --tokens-per-batch \(fitting) would fit."
        )
    }

    private static func megabytes(_ bytes: Int) -> Int { bytes / 1_000_000 }
}
