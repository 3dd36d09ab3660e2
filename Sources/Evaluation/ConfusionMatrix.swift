/// How often each true label was given each label.
public struct ConfusionMatrix: LabelTally, Equatable {
    /// Names, in the order of rows and columns.
    public let labels: [String]
    /// `[true][given]`, counts.
    public private(set) var counts: [[Int]]

    /// Nothing counted yet.
    public init(labels: [String]) {
        self.labels = labels
        counts = [[Int]](repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
    }

    /// Counts `times` sentences, or characters, of label `truth` that were given `given`.
    public mutating func count(truth: Int, given: Int, times: Int = 1) {
        counts[truth][given] += times
    }

    /// Everything counted.
    public var total: Int { counts.joined().reduce(0, +) }

    /// The share that was given its true label.
    public var accuracy: Double { ratio(labels.indices.reduce(0) { $0 + counts[$1][$1] }, total) }

    /// Row and column sums, and the diagonal.
    public var labelCounts: [LabelCount] {
        labels.indices.map { label in
            LabelCount(
                right: counts[label][label], given: counts.reduce(0) { $0 + $1[label] },
                support: counts[label].reduce(0, +))
        }
    }

    /// Accuracy and every average, by the names that JSON has them under: `accuracy`, `macro_f1`, ….
    public var figures: [(name: String, value: Double)] { [("accuracy", accuracy)] + averages }

    /// The same items with some labels counted as one, at the place of the first of them.
    ///
    /// - Parameters:
    ///   - merged: Places of the labels.
    ///   - name: What they are called together.
    /// - Returns: A matrix with one row and column in place of theirs.
    public func merging(_ merged: Set<Int>, as name: String) -> ConfusionMatrix {
        guard let first = merged.min() else { return self }
        let kept = labels.indices.filter { $0 == first || !merged.contains($0) }
        var places = [Int](repeating: 0, count: labels.count)
        for (place, label) in kept.enumerated() { places[label] = place }
        for label in merged { places[label] = places[first] }
        var result = ConfusionMatrix(labels: kept.map { $0 == first ? name : labels[$0] })
        for (truth, row) in counts.enumerated() {
            for (given, times) in row.enumerated() {
                result.count(truth: places[truth], given: places[given], times: times)
            }
        }
        return result
    }
}

extension ConfusionMatrix: CustomStringConvertible {
    /// A table: a row for each true label, a column for each given one.
    public var description: String {
        let corner = "true \\ given"
        let width = max(corner.count, labels.map(\.count).max() ?? 0)
        let columns = labels.indices.map { given in
            max(labels[given].count, counts.map { String($0[given]).count }.max() ?? 0) + 2
        }
        func line(_ name: String, _ cells: [String]) -> String {
            name.leftPadded(to: width) + zip(cells, columns).map { $0.leftPadded(to: $1) }.joined()
        }
        return ([line(corner, labels)] + zip(labels, counts).map { line($0, $1.map(String.init)) })
            .joined(separator: "\n")
    }
}
