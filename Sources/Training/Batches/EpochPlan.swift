/// What an epoch reads, how, and in which batches: a function of the recipe and the epoch alone.
///
/// Every item is read once. Items are shuffled, and within each stretch of the shuffled order sorted by length and packed
/// into batches up to the token budget, so that a batch's windows are of similar length; the batches are then shuffled.
package struct EpochPlan: Sendable {
    /// The items of each batch, in the order batches are taken.
    package let batches: [[Reading]]
    private let accumulation: Int

    /// The items that are sorted together.
    private static let stretch = 2_048

    /// Plans an epoch.
    ///
    /// - Parameters:
    ///   - set: The items.
    ///   - recipe: Budget, augmentation and seed.
    ///   - epoch: From 0.
    /// - Throws: ``TrainingError/recipe(_:)`` where an item alone is beyond the token budget.
    package init(_ set: TrainingSet, recipe: Recipe, epoch: Int) throws(TrainingError) {
        accumulation = recipe.accumulation
        var order = SplitMix64(seed: recipe.seed, .order, epoch)
        let items = Array(0..<set.count).shuffled(using: &order)
        var batches: [[Reading]] = []
        for start in stride(from: 0, to: items.count, by: Self.stretch) {
            let stretch = items[start..<min(start + Self.stretch, items.count)].map { item in
                let reading = Self.reading(item, of: set, recipe: recipe, epoch: epoch)
                return (reading: reading, tokens: set.tokens(of: reading))
            }
            try Self.pack(stretch, recipe: recipe, into: &batches)
        }
        var packing = SplitMix64(seed: recipe.seed, .packing, epoch)
        batches.shuffle(using: &packing)
        self.batches = batches
    }

    /// The optimiser's steps in the epoch.
    package var steps: Int { (batches.count + accumulation - 1) / accumulation }

    /// The batches of one step.
    package func batches(ofStep step: Int) -> ArraySlice<[Reading]> {
        batches[step * accumulation..<min((step + 1) * accumulation, batches.count)]
    }

    private static func pack(
        _ stretch: [(reading: Reading, tokens: Int)], recipe: Recipe, into batches: inout [[Reading]]
    ) throws(TrainingError) {
        var batch: [Reading] = []
        var tokens = 0
        // Items of one length keep their shuffled order: the sort is by both.
        let sorted = stretch.enumerated().sorted { ($0.element.tokens, $0.offset) < ($1.element.tokens, $1.offset) }
        for (_, element) in sorted {
            guard element.tokens <= recipe.tokensPerBatch else {
                throw .recipe(
                    "the longest item takes \(stretch.map(\.tokens).max() ?? 0) pieces, but --tokens-per-batch is \(recipe.tokensPerBatch); give at least as many."
                )
            }
            if tokens + element.tokens > recipe.tokensPerBatch || batch.count == recipe.batchSize ?? .max {
                batches.append(batch)
                batch = []
                tokens = 0
            }
            batch.append(element.reading)
            tokens += element.tokens
        }
        if !batch.isEmpty { batches.append(batch) }
    }

    private static func reading(_ item: Int, of set: TrainingSet, recipe: Recipe, epoch: Int) -> Reading {
        var generator = SplitMix64(seed: recipe.seed, .augmentation, epoch, item)
        let masksNumbers = generator.happens(recipe.maskedNumbers)
        let isShortened = generator.happens(recipe.shortened)
        return Reading(
            item: item, masksNumbers: masksNumbers,
            sentences: isShortened ? shortened(set.labels[item], &generator) : nil)
    }

    /// One or two sentences of each run of equal labels, in order: an abstract as terse as many unstructured ones.
    package static func shortened(_ labels: [Int], _ generator: inout some RandomNumberGenerator) -> [Int] {
        var kept: [Int] = []
        var start = 0
        while start < labels.count {
            let end = labels[start...].firstIndex { $0 != labels[start] } ?? labels.count
            let count = Int.random(in: 1...2, using: &generator)
            kept += Array(start..<end).sample(count, using: &generator)
            start = end
        }
        return kept
    }
}
