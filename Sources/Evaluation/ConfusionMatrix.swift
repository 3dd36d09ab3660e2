/// The number of items with each combination of true label and predicted label.
public struct ConfusionMatrix: LabelTally, Equatable {
    /// The label names, in the order of rows and columns.
    public let labels: [String]
    /// The counts, `[true][predicted]`.
    public private(set) var counts: [[Int]]

    /// Creates a matrix of zeros.
    public init(labels: [String]) {
        self.labels = labels
        counts = [[Int]](repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
    }

    /// Adds `times` items with true label `truth` and predicted label `given`, which are indices into ``labels``.
    public mutating func count(truth: Int, given: Int, times: Int = 1) {
        counts[truth][given] += times
    }

    /// The number of items.
    public var total: Int { counts.joined().reduce(0, +) }

    /// The fraction of items whose predicted label is the true one, 0 to 1.
    public var accuracy: Double { ratio(labels.indices.reduce(0) { $0 + counts[$1][$1] }, total) }

    /// The counts of each label, `[labels]`: correct predictions, predictions and true occurrences.
    public var labelCounts: [LabelCount] {
        labels.indices.map { label in
            LabelCount(
                right: counts[label][label], given: counts.reduce(0) { $0 + $1[label] },
                support: counts[label].reduce(0, +))
        }
    }

    /// The accuracy and all averages, with their names in JSON: `accuracy`, `macro_f1`, ….
    public var figures: [(name: String, value: Double)] { [("accuracy", accuracy)] + averages }

    /// Returns the matrix with some labels merged into one, at the index of the first of them.
    ///
    /// - Parameters:
    ///   - merged: The indices of the labels to merge.
    ///   - name: The name of the merged label.
    /// - Returns: A matrix with one row and one column for the merged labels.
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
    /// A text table with a row for each true label and a column for each predicted label.
    public var description: String {
        let corner = "true \\ predicted"
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
