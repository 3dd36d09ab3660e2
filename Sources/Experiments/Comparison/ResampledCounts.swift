import Evaluation

/// The counts of a resample of clusters, from which every figure follows.
struct ResampledCounts: LabelTally {
    let labels: [String]
    let labelCounts: [LabelCount]
    /// Items, and those that were given exactly what is true.
    let items: Int
    let exact: Int

    var accuracy: Double { items > 0 ? Double(exact) / Double(items) : 0 }

    /// The columns of a row of ``ClusterCounts``.
    static func width(labels: Int) -> Int { 3 * labels + 2 }

    /// From the weighted sum of rows: for each label right, given and support; then items and exact.
    init(labels: [String], sums: [Int]) {
        self.labels = labels
        labelCounts = labels.indices.map { label in
            LabelCount(right: sums[3 * label], given: sums[3 * label + 1], support: sums[3 * label + 2])
        }
        items = sums[3 * labels.count]
        exact = sums[3 * labels.count + 1]
    }
}
