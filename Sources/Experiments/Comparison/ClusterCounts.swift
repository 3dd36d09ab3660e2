internal import Evaluation

/// How often every label was right, given and true in each cluster of the test data, for every run of every system.
///
/// An abstract's sentences are a cluster: their labels, and a model's mistakes, hang together, so that they are drawn together or
/// not at all. A text is a cluster of its own.
public struct ClusterCounts: Sendable {
    /// The label names, in the first measurement's order.
    public let labels: [String]
    /// Whether labels exclude each other.
    public let areExclusive: Bool
    /// Names, in the order they are first measured in.
    public let systems: [String]
    /// The measurements of each system, by their place.
    let runs: [[Int]]
    /// How many clusters.
    public let clusters: Int
    /// How many sentences or texts.
    public let items: Int
    /// For each measurement `[clusters × width]`: for each label right, given and support; then items, and those exactly right.
    private let counts: [[Int]]
    private let width: Int

    private struct Key: Hashable {
        let id: String
        let sentence: Int?
    }

    /// Brings measurements of the same items together.
    ///
    /// - Parameter measurements: One or more of each system, in any order of items.
    /// - Throws: ``ExperimentError/measurements(_:)`` where two were not measured on the same items with the same truth.
    public init(_ measurements: [Measurement]) throws(ExperimentError) {
        guard let first = measurements.first, !first.predictions.items.isEmpty else {
            throw .measurements("there is nothing to compare: no sentence or text was measured.")
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
                    "\(first.run) was measured on \(item.name) twice; give every abstract or text of the test data an id of its own."
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
                        "\(measurement.run) was measured on \(item.name), \(first.run) was not; measure both on the same test data."
                    )
                }
                isMeasured[place] = true
                guard Set(truth) == Set(first.predictions.items[place].truth) else {
                    throw .measurements(
                        "\(item.name) is \(Self.names(truth, labels)) where \(measurement.run) was measured and \(Self.names(first.predictions.items[place].truth, labels)) where \(first.run) was; measure both on the same test data."
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
                    "\(measurement.run) was not measured on \(first.predictions.items[missing].name), \(first.run) was; measure both on the same test data."
                )
            }
            counts.append(rows)
        }
        self.systems = systems
        self.runs = runs
        self.counts = counts
    }

    /// Where each of a measurement's labels stands among the first one's.
    private static func columns(
        of measurement: Measurement, among first: Measurement
    ) throws(ExperimentError) -> [Int] {
        let (mine, its) = (measurement.predictions, first.predictions)
        guard Set(mine.labels) == Set(its.labels), mine.areExclusive == its.areExclusive else {
            func kind(_ areExclusive: Bool) -> String { areExclusive ? "one" : "any number" }
            throw .measurements(
                "\(measurement.run) gives \(kind(mine.areExclusive)) of \(mine.labels.joined(separator: ", ")), \(first.run) \(kind(its.areExclusive)) of \(its.labels.joined(separator: ", ")); only systems with the same labels can be compared."
            )
        }
        return mine.labels.map { its.labels.firstIndex(of: $0) ?? 0 }
    }

    private static func names(_ places: [Int], _ labels: [String]) -> String {
        places.isEmpty ? "nothing" : places.sorted().map { labels[$0] }.joined(separator: ", ")
    }

    /// The counts of one measurement where each cluster counts so many times.
    ///
    /// - Parameters:
    ///   - measurement: Its place.
    ///   - weights: `[clusters]`.
    /// - Returns: As if a cluster of weight 2 were there twice.
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
    /// What to call it in an error.
    fileprivate var name: String { sentence.map { "sentence \($0 + 1) of \(id)" } ?? id }
}
