internal import CoreMetrics
internal import JSON
internal import Labelling
internal import Prometheus
import Synchronization

/// Compares the most recent abstracts with the abstracts on which the checkpoint was evaluated.
final class DriftMonitor: Sendable {
    static let families: [PrometheusRegistry.Family] = [
        .init(
            "rubricator_drift_stability_index",
            "Population stability index of recent abstracts against the checkpoint's profile; above 0.25 is a large change."
        ),
        .init("rubricator_drift_abstracts", "Number of recent abstracts that the drift metrics compare."),
        .init(
            "rubricator_label_share_difference",
            "Share of a label among recent sentences minus its share in the checkpoint's profile."),
        .init(
            "rubricator_unknown_piece_rate",
            "Share of tokens outside the vocabulary, in recent abstracts (window) or in the checkpoint's profile (reference)."
        ),
    ]

    /// The parts of the window, the newest last. A new part replaces the oldest one.
    private let parts: Mutex<[LabellingProfile]>
    private let reference: LabellingProfile
    private let labels: [String]
    private let abstractsPerPart: Int
    private static let partsOfWindow = 10

    private let indices: [Drift.Distribution: Meter]
    private let shareDifferences: [Meter]
    private let unknownNow: Meter
    private let unknownThen: Meter
    private let abstracts: Meter

    /// Creates a monitor that compares with the profile of a checkpoint, its `profile.json`.
    ///
    /// - Parameters:
    ///   - reference: The profile.
    ///   - model: The name of the model.
    ///   - labels: The labels of the model.
    ///   - window: The number of recent abstracts that are compared.
    ///   - factory: Creates the series.
    init(
        _ reference: LabellingProfile, model: String, labels: [String], window: Int, _ factory: any MetricsFactory
    ) {
        self.reference = reference
        self.labels = labels
        abstractsPerPart = max(1, window / Self.partsOfWindow)
        parts = Mutex([LabellingProfile(labels: labels.count)])
        func meter(_ name: String, _ more: (String, String)...) -> Meter {
            Meter(label: name, dimensions: [("model", model)] + more, factory: factory)
        }
        indices = Drift.Distribution.allCases.reduce(into: [:]) {
            $0[$1] = meter("rubricator_drift_stability_index", ("distribution", $1.rawValue))
        }
        shareDifferences = labels.map { meter("rubricator_label_share_difference", ("label", $0)) }
        unknownNow = meter("rubricator_unknown_piece_rate", ("of", "window"))
        unknownThen = meter("rubricator_unknown_piece_rate", ("of", "reference"))
        abstracts = meter("rubricator_drift_abstracts")
    }

    /// Adds an abstract to the window.
    func add(_ prepared: PreparedAbstract, _ labelled: LabelledAbstract, _ labeller: Labeller) {
        parts.withLock { parts in
            parts[parts.count - 1].add(prepared, labelled, labeller)
            guard parts[parts.count - 1].abstracts >= abstractsPerPart else { return }
            parts.append(LabellingProfile(labels: labels.count))
            if parts.count > Self.partsOfWindow { parts.removeFirst() }
        }
    }

    private var current: LabellingProfile {
        parts.withLock { parts in
            parts.reduce(into: LabellingProfile(labels: labels.count)) { $0.add($1) }
        }
    }

    /// Updates the series.
    func update() {
        let current = current
        abstracts.set(current.abstracts)
        unknownThen.set(reference.unknownPieceRate)
        guard current.abstracts > 0 else { return clear() }
        let drift = Drift(from: reference, to: current)
        for (distribution, index) in drift.stabilityIndices { indices[distribution]?.set(index) }
        for (meter, difference) in zip(shareDifferences, drift.shareDifferences) { meter.set(difference) }
        unknownNow.set(current.unknownPieceRate)
    }

    /// Sets the series to no drift, before the first abstract and after the checkpoint has been replaced.
    func clear() {
        abstracts.set(0)
        for meter in indices.values { meter.set(0) }
        for meter in shareDifferences + [unknownNow] { meter.set(0) }
    }

    /// Writes the comparison as JSON for `/info`.
    func write(to json: inout JSONWriter) {
        let current = current
        let drift = Drift(from: reference, to: current)
        json.object { json in
            json.member("abstracts", current.abstracts)
            json.member("reference_abstracts", reference.abstracts)
            json.key("stability_indices")
            json.object { json in
                for distribution in Drift.Distribution.allCases {
                    json.key(distribution.rawValue)
                    json.number(current.abstracts == 0 ? 0 : drift.stabilityIndices[distribution] ?? 0)
                }
            }
            json.key("label_share_differences")
            json.object { json in
                for (label, difference) in zip(labels, drift.shareDifferences) {
                    json.key(label)
                    json.number(current.abstracts == 0 ? 0 : difference)
                }
            }
            json.key("unknown_piece_rates")
            json.object { json in
                json.key("window")
                json.number(current.unknownPieceRate)
                json.key("reference")
                json.number(reference.unknownPieceRate)
            }
        }
    }
}
