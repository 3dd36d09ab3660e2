internal import Evaluation

/// The counts of correct, predicted and true labels in each cluster of the test data, for every run of every system.
///
/// The sentences of an abstract form a cluster. Their labels, and the mistakes of a model, are correlated, so they are
/// resampled together. A text is a cluster of its own.
public struct ClusterCounts: Sendable {
    /// Label names, in the order of the first measurement.
    public let labels: [String]
    /// Whether labels exclude each other.
    public let areExclusive: Bool
    /// Names of the systems, in the order of their first measurement.
    public let systems: [String]
    /// Indices of the measurements of each system.
    let runs: [[Int]]
    /// Number of clusters.
    public let clusters: Int
    /// Number of sentences or texts.
    public let items: Int
    /// Counts of each measurement, `[clusters × width]`. A row has the numbers of correct, predicted and true occurrences of
    /// each label, then the numbers of items and of items with exactly the right labels.
    private let counts: [[Int]]
    private let width: Int

    private struct Key: Hashable {
        let id: String
        let sentence: Int?
    }

    /// Counts the labels of measurements on the same items.
    ///
    /// - Parameter measurements: The measurements, one or more for each system, with their items in any order.
    /// - Throws: ``ExperimentError/measurements(_:)`` if the measurements do not have the same items with the same true labels.
    public init(_ measurements: [Measurement]) throws(ExperimentError) {
        guard let first = measurements.first, !first.predictions.items.isEmpty else {
            throw .measurements("there is nothing to compare: no sentence or text was measured. Check the test data.")
        }
        labels = first.predictions.labels
        areExclusive = first.predictions.areExclusive
        items = first.predictions.items.count
        width = ResampledCounts.width(labels: labels.count)
        var places: [Key: Int] = [:]
        var clusterOfItem: [Int] = []
        var clusterOfID: [String: Int] = [:]
        for (index, item) in first.predictions.items.enumerated() {
            if places.updateValue(index, forKey: Key(id: item.id, sentence: item.sentence)) != nil {
                throw .measurements(
                    "\(first.run) was measured on \(item.name) twice; give each abstract or text of the test data a unique id."
                )
            }
            clusterOfItem.append(clusterOfID[item.id] ?? clusterOfID.count)
            clusterOfID[item.id] = clusterOfItem[index]
        }
        clusters = clusterOfID.count
        var systems: [String] = []
        var runs: [[Int]] = []
        var counts: [[Int]] = []
        for (index, measurement) in measurements.enumerated() {
            if let system = systems.firstIndex(of: measurement.system) {
                runs[system].append(index)
            } else {
                systems.append(measurement.system)
                runs.append([index])
            }
            let columns = try Self.columns(of: measurement, among: first)
            var rows = [Int](repeating: 0, count: clusters * width)
            var isMeasured = [Bool](repeating: false, count: items)
            for item in measurement.predictions.items {
                let truth = item.truth.map { columns[$0] }
                let given = item.given.map { columns[$0] }
                guard let place = places[Key(id: item.id, sentence: item.sentence)], !isMeasured[place] else {
                    throw .measurements(
                        "\(measurement.run) was measured on \(item.name), but \(first.run) was not; measure both on the same test data."
                    )
                }
                isMeasured[place] = true
                guard Set(truth) == Set(first.predictions.items[place].truth) else {
                    throw .measurements(
                        "\(item.name) has the true label \(Self.names(truth, labels)) in the data of \(measurement.run), but \(Self.names(first.predictions.items[place].truth, labels)) in the data of \(first.run); measure both on the same test data."
                    )
                }
                let row = clusterOfItem[place] * width
                for label in truth { rows[row + 3 * label + 2] += 1 }
                for label in given {
                    rows[row + 3 * label + 1] += 1
                    if truth.contains(label) { rows[row + 3 * label] += 1 }
                }
                rows[row + width - 2] += 1
                if Set(truth) == Set(given) { rows[row + width - 1] += 1 }
            }
            if let missing = isMeasured.firstIndex(of: false) {
                throw .measurements(
                    "\(measurement.run) was not measured on \(first.predictions.items[missing].name), but \(first.run) was; measure both on the same test data."
                )
            }
            counts.append(rows)
        }
        self.systems = systems
        self.runs = runs
        self.counts = counts
    }

    /// Returns the index of each of a measurement's labels among the labels of the first measurement.
    private static func columns(
        of measurement: Measurement, among first: Measurement
    ) throws(ExperimentError) -> [Int] {
        let (mine, its) = (measurement.predictions, first.predictions)
        guard Set(mine.labels) == Set(its.labels), mine.areExclusive == its.areExclusive else {
            func kind(_ areExclusive: Bool) -> String { areExclusive ? "one" : "any number" }
            throw .measurements(
                "\(measurement.run) predicts \(kind(mine.areExclusive)) of \(mine.labels.joined(separator: ", ")), but \(first.run) predicts \(kind(its.areExclusive)) of \(its.labels.joined(separator: ", ")); only systems with the same labels can be compared."
            )
        }
        return mine.labels.map { its.labels.firstIndex(of: $0) ?? 0 }
    }

    private static func names(_ places: [Int], _ labels: [String]) -> String {
        places.isEmpty ? "nothing" : places.sorted().map { labels[$0] }.joined(separator: ", ")
    }

    /// Returns the weighted sum of the counts of one measurement.
    ///
    /// - Parameters:
    ///   - measurement: The index of the measurement.
    ///   - weights: The number of times that each cluster counts, `[clusters]`.
    /// - Returns: The counts of the resample in which each cluster occurs as often as its weight says.
    func sum(_ measurement: Int, weights: [Int]) -> ResampledCounts {
        var sums = [Int](repeating: 0, count: width)
        let rows = counts[measurement]
        var row = 0
        for weight in weights {
            if weight > 0 {
                for column in 0..<width { sums[column] &+= weight &* rows[row &+ column] }
            }
            row &+= width
        }
        return ResampledCounts(labels: labels, sums: sums)
    }
}

extension Prediction {
    /// Name of the item in error messages.
    fileprivate var name: String { sentence.map { "sentence \($0 + 1) of \(id)" } ?? id }
}
