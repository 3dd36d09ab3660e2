package import Runs
import Corpora

/// What an epoch reads, how, and in which batches: a function of the recipe and the epoch alone.
///
/// An epoch reads every item as often as its weight says. A weight of 2.5 means two or three readings, drawn anew for each epoch.
/// The readings are shuffled. Each stretch of the shuffled order is sorted by length and packed into batches up to the token
/// budget, so that the windows of a batch are of similar length. The batches are then shuffled.
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
        let items = Self.items(set.weights, recipe: recipe, epoch: epoch).shuffled(using: &order)
        var batches: [[Reading]] = []
        for start in stride(from: 0, to: items.count, by: Self.stretch) {
            let stretch = items[start..<min(start + Self.stretch, items.count)].map { item in
                let reading = Self.reading(item.item, copy: item.copy, of: set, recipe: recipe, epoch: epoch)
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

    /// The readings of an epoch, in the order of the items: each item once for every copy that its weight gives it.
    private static func items(_ weights: [Double], recipe: Recipe, epoch: Int) -> [(item: Int, copy: Int)] {
        weights.enumerated().flatMap { item, weight in
            var copies = Int(weight)
            if weight != weight.rounded(.down) {
                var generator = SplitMix64(seed: recipe.seed, .repetition, epoch, item)
                copies += generator.happens(weight - Double(copies)) ? 1 : 0
            }
            return (0..<copies).map { (item, $0) }
        }
    }

    private static func reading(
        _ item: Int, copy: Int, of set: TrainingSet, recipe: Recipe, epoch: Int
    ) -> Reading {
        var generator = SplitMix64(seed: recipe.seed, .augmentation, epoch, item, copy: copy)
        let masksNumbers = generator.happens(recipe.maskedNumbers)
        let isShortened = generator.happens(recipe.shortened)
        let leavesOut = isShortened ? recipe.omittedSections : 0
        return Reading(
            item: item, copy: copy, masksNumbers: masksNumbers,
            sentences: isShortened ? shortened(set.labels[item], omitting: leavesOut, &generator) : nil)
    }

    /// One or two sentences of each run of equal labels, in order: an abstract as terse as many unstructured ones.
    ///
    /// - Parameters:
    ///   - labels: Of every sentence.
    ///   - probability: How likely a run is left out, as if the author had not written it; at least two are kept.
    ///   - generator: Decides which.
    /// - Returns: Places of the sentences that are kept, ascending.
    package static func shortened(
        _ labels: [some Equatable], omitting probability: Double = 0, _ generator: inout some RandomNumberGenerator
    ) -> [Int] {
        var runs: [[Int]] = []
        var start = 0
        while start < labels.count {
            let end = labels[start...].firstIndex { $0 != labels[start] } ?? labels.count
            let count = Int.random(in: 1...2, using: &generator)
            runs.append(Array(start..<end).sample(count, using: &generator))
            start = end
        }
        guard probability > 0, runs.count > 2 else { return runs.flatMap { $0 } }
        let kept = runs.filter { _ in Double.random(in: 0..<1, using: &generator) >= probability }
        return (kept.count >= 2 ? kept : runs).flatMap { $0 }
    }
}
