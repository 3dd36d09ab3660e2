extension Array {
    /// `count` elements drawn without replacement, in the order they stand in; all of them where there are no more.
    ///
    /// Every such choice is equally likely (selection sampling: Knuth, TAOCP vol. 2, §3.4.2, algorithm S).
    public func sample(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Element] {
        split(count, using: &generator).drawn
    }

    /// `count` elements drawn without replacement, and the rest, both in the order they stand in.
    ///
    /// - Parameters:
    ///   - count: How many to draw; all are where it is too high, none where it is below 1.
    ///   - generator: Decides which.
    /// - Returns: Both parts.
    public func split(
        _ count: Int, using generator: inout some RandomNumberGenerator
    ) -> (drawn: [Element], rest: [Element]) {
        var drawn: [Element] = []
        var rest: [Element] = []
        var needed = Swift.max(0, Swift.min(count, self.count))
        drawn.reserveCapacity(needed)
        rest.reserveCapacity(self.count - needed)
        for (index, element) in enumerated() {
            if Int.random(in: 0..<self.count - index, using: &generator) < needed {
                drawn.append(element)
                needed -= 1
            } else {
                rest.append(element)
            }
        }
        return (drawn, rest)
    }
}

extension Array where Element == TrainingText {
    /// As many texts of every label as the rarest label has, drawn without replacement, in the order they stand in.
    ///
    /// - Parameter generator: Decides which texts stay.
    /// - Returns: The texts that stay.
    /// - Throws: `CorpusError` where a text has no label or several.
    public func downsample(using generator: inout some RandomNumberGenerator) throws(CorpusError) -> [TrainingText] {
        var labels: [String] = []
        var places: [String: [Int]] = [:]
        for (index, text) in enumerated() {
            guard text.labels.count == 1 else {
                throw CorpusError(
                    description:
                        "\(text.id) has \(text.labels.count) labels: texts can be cut to the rarest label's number only where every text has one; leave downsampling out."
                )
            }
            if places[text.labels[0]] == nil { labels.append(text.labels[0]) }
            places[text.labels[0], default: []].append(index)
        }
        let rarest = places.values.map(\.count).min() ?? 0
        // In the order labels are first seen: a dictionary's own order changes from run to run.
        return labels.flatMap { (places[$0] ?? []).sample(rarest, using: &generator) }.sorted().map { self[$0] }
    }
}
