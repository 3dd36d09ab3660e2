import Corpora
package import Runs

/// The order and form in which an epoch reads the training data, and their batches. It depends only on the recipe and
/// the epoch.
///
/// An epoch reads each item as often as its weight says. A weight of 2.5 means two or three readings, drawn again for
/// each epoch. The readings are shuffled. Each block of the shuffled order is sorted by length and packed into batches
/// up to the token budget, so that the windows of a batch have similar lengths. The batches are then shuffled.
package struct EpochPlan: Sendable {
    /// The readings of each batch, in the order of the batches.
    package let batches: [[Reading]]
    private let accumulation: Int

    /// The number of readings that are sorted together.
    private static let stretch = 2_048

    /// Plans an epoch.
    ///
    /// - Parameters:
    ///   - set: The training data.
    ///   - recipe: The recipe, whose token budget, augmentation and seed matter here.
    ///   - epoch: The index of the epoch, from 0.
    /// - Throws: ``TrainingError/recipe(_:)`` if a single item exceeds the token budget.
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

    /// The number of optimiser steps in the epoch.
    package var steps: Int { (batches.count + accumulation - 1) / accumulation }

    /// Returns the batches of one step.
    package func batches(ofStep step: Int) -> ArraySlice<[Reading]> {
        batches[step * accumulation..<min((step + 1) * accumulation, batches.count)]
    }

    private static func pack(
        _ stretch: [(reading: Reading, tokens: Int)], recipe: Recipe, into batches: inout [[Reading]]
    ) throws(TrainingError) {
        var batch: [Reading] = []
        var tokens = 0
        // Sorting by length and index keeps the shuffled order of items with equal lengths.
        let sorted = stretch.enumerated().sorted { ($0.element.tokens, $0.offset) < ($1.element.tokens, $1.offset) }
        for (_, element) in sorted {
            guard element.tokens <= recipe.tokensPerBatch else {
                throw .recipe(
                    "the longest item has \(stretch.map(\.tokens).max() ?? 0) tokens, but --tokens-per-batch is \(recipe.tokensPerBatch); raise it to at least the length of this item."
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

    /// Returns the readings of an epoch in the order of the items, as many for each item as its weight says.
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

    /// Draws one or two sentences from each run of equal labels, which makes an abstract as terse as many unstructured
    /// ones.
    ///
    /// - Parameters:
    ///   - labels: The label of every sentence.
    ///   - probability: The probability of omitting a run, as if the author had not written it. At least two runs are
    ///     kept.
    ///   - generator: The source of random numbers.
    /// - Returns: The indices of the kept sentences, ascending.
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
