extension Array {
    /// Returns `count` elements drawn without replacement, in their original order, or all elements if there are no
    /// more.
    ///
    /// Every selection is equally likely (selection sampling: Knuth, TAOCP vol. 2, §3.4.2, algorithm S).
    public func sample(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Element] {
        split(count, using: &generator).drawn
    }

    /// Returns `count` elements drawn without replacement, and the rest, both in their original order.
    ///
    /// - Parameters:
    ///   - count: The number of elements to draw. All are drawn if it is too high, none if it is below 1.
    ///   - generator: The source of random numbers.
    /// - Returns: The drawn elements and the rest.
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
    /// Returns as many texts of each label as the rarest label has, drawn without replacement, in their original order.
    ///
    /// - Parameter generator: The source of random numbers.
    /// - Returns: The drawn texts.
    /// - Throws: `CorpusError` if a text has no label or several labels.
    public func downsample(using generator: inout some RandomNumberGenerator) throws(CorpusError) -> [TrainingText] {
        var labels: [String] = []
        var places: [String: [Int]] = [:]
        for (index, text) in enumerated() {
            guard text.labels.count == 1 else {
                throw CorpusError(
                    description:
                        "\(text.id) has \(text.labels.count) labels; expected one, because --downsample needs one label per text. Remove --downsample."
                )
            }
            if places[text.labels[0]] == nil { labels.append(text.labels[0]) }
            places[text.labels[0], default: []].append(index)
        }
        let rarest = places.values.map(\.count).min() ?? 0
        // Iterate in the order of first use, because the order of a dictionary changes from run to run.
        return labels.flatMap { (places[$0] ?? []).sample(rarest, using: &generator) }.sorted().map { self[$0] }
    }
}
