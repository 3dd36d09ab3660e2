import Evaluation

/// The counts of one resample of clusters, from which all metrics are computed.
struct ResampledCounts: LabelTally {
    let labels: [String]
    let labelCounts: [LabelCount]
    /// Number of items.
    let items: Int
    let exact: Int

    var accuracy: Double { items > 0 ? Double(exact) / Double(items) : 0 }

    /// Returns the number of columns in a row of ``ClusterCounts``.
    static func width(labels: Int) -> Int { 3 * labels + 2 }

    /// Creates counts from a weighted sum of rows: correct, predicted and true counts of each label, then the numbers of
    /// items and of exactly labelled items.
    init(labels: [String], sums: [Int]) {
        self.labels = labels
        labelCounts = labels.indices.map { label in
            LabelCount(right: sums[3 * label], given: sums[3 * label + 1], support: sums[3 * label + 2])
        }
        items = sums[3 * labels.count]
        exact = sums[3 * labels.count + 1]
    }
}
