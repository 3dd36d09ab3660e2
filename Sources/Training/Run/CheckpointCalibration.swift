import Checkpoint
public import Corpora
public import Evaluation
import Glibc
import JSON
import Labelling
import Model
import Runs
import Text

/// A temperature fitted to a sequence labeller, so that its confidences match the fraction of correct labels. It has
/// the highest likelihood on labelled abstracts (Guo et al. 2017, "On Calibration of Modern Neural Networks").
///
/// A single number cannot overfit noticeably, so the development data that selected the checkpoint may be used.
public struct CheckpointCalibration {
    /// The best temperature.
    public let temperature: Double
    /// The calibration of the confidences at the checkpoint's current temperature.
    public let before: Calibration
    /// The calibration of the confidences at ``temperature``.
    public let after: Calibration

    private let checkpoint: BaseCheckpoint

    /// Labels abstracts and searches for the best temperature. Sentences with several possible labels or none are
    /// ignored.
    ///
    /// - Parameters:
    ///   - path: The directory of the checkpoint.
    ///   - corpus: Labelled abstracts that are not training data of the checkpoint.
    ///   - threads: The number of threads.
    /// - Throws: ``TrainingError/recipe(_:)`` if the checkpoint is not a sequence labeller or the corpus has no
    ///   abstracts; `CorpusError` if the corpus has a label that the checkpoint lacks; errors of the checkpoint files.
    public init(checkpoint path: String, on corpus: LabelledCorpus, threads: Int) throws {
        checkpoint = try BaseCheckpoint(path: path)
        let labeller = try Labeller(checkpoint.directory)
        guard case .abstracts(let abstracts) = corpus, case .sequenceLabeller(let model) = labeller.model else {
            throw TrainingError.recipe(
                "calibration needs labelled abstracts and a checkpoint that labels the sentences of an abstract together; check the checkpoint and the data files."
            )
        }
        let engine = Engine(labeller, threads: threads)
        let scored = try abstracts.items.map { try ScoredAbstract($0, engine) }
        let decoder = model.decoder
        func loss(_ exponent: Double) -> Double {
            scored.reduce(0) { $0 + $1.loss(decoder, temperature: exp2(exponent)) }
        }
        // A tolerance of half a percent of the temperature changes no probability by more than 0.1%.
        let exponent = goldenSection(-2...3, tolerance: 0.007, loss)
        let best = (exp2(exponent) * 1000).rounded() / 1000
        func calibration(_ temperature: Double) -> Calibration {
            scored.reduce(into: Calibration()) { $1.count(decoder, temperature: temperature, into: &$0) }
        }
        temperature = best
        before = calibration(checkpoint.configuration.temperature)
        after = calibration(best)
    }

    /// Writes the temperature to the checkpoint's `config.json` and leaves its other members unchanged.
    ///
    /// - Throws: ``TrainingError/output(_:)`` if the file cannot be written.
    public func write() throws {
        let path = "\(checkpoint.directory.path)/config.json"
        do {
            let json = try Self.setting(temperature, in: checkpoint.directory.file("config.json"))
            var file = try ReplacementFile(for: path)
            try file.write(json)
            try file.commit()
        } catch {
            throw TrainingError.output("\(path) cannot be written: \(FileFailure.reason(error)).")
        }
    }

    /// Returns a JSON object with another temperature. All other members keep their exact spelling.
    private static func setting(_ temperature: Double, in object: [UInt8]) throws(JSONSyntaxError) -> [UInt8] {
        var json = JSONReader(object)
        var members: [(name: String, value: ArraySlice<UInt8>)] = []
        try json.object { (json, name) throws(JSONSyntaxError) in
            _ = json.peek()
            let start = json.position
            try json.skipValue()
            if name != "temperature" { members.append((name.text, object[start..<json.position])) }
        }
        var writer = JSONWriter()
        writer.object { writer in
            for member in members {
                writer.key(member.name)
                writer.value(spelled: member.value)
            }
            writer.key("temperature")
            writer.number(temperature)
        }
        return writer.bytes
    }
}

/// The emissions of an abstract with its true labels.
private struct ScoredAbstract {
    /// The emissions, `[sentences][labels]`.
    let emissions: [[Double]]
    /// The true label of each sentence, `[sentences]`; `nil` if it is unknown or one of several.
    let truths: [Int?]

    init(_ abstract: TrainingAbstract, _ engine: Engine) throws {
        let labeller = engine.labeller
        let prepared = try labeller.prepare(Abstract(sentences: abstract.sentences.map(\.text)), headings: .ignore)
        emissions = prepared.layout.sentenceRows(engine.run(prepared.layout.windows)[...])
        truths = try abstract.sentences.map { sentence in
            guard sentence.labels.count == 1 else { return nil }
            guard let place = labeller.labels.firstIndex(of: sentence.labels[0]) else {
                throw CorpusError(
                    description:
                        "the abstract \(abstract.id) has the label \"\(sentence.labels[0])\", but the labels of the checkpoint are \(labeller.labels.joined(separator: ", ")). Correct the label, or use another checkpoint."
                )
            }
            return place
        }
    }

    private var free: [LabelSubset] { emissions.map { _ in .all } }

    /// Returns the negative log likelihood, Σ −log P(true label).
    func loss(_ decoder: ConditionalRandomField, temperature: Double) -> Double {
        let marginals = decoder.marginals(emissions: emissions, allowed: free, temperature: temperature).marginals
        return zip(marginals, truths).reduce(0) { sum, item in
            // Without the lower bound, a probability that rounds to 0 would make every temperature equally bad.
            item.1.map { sum - log(max(item.0[$0], 1e-300)) } ?? sum
        }
    }

    func count(_ decoder: ConditionalRandomField, temperature: Double, into calibration: inout Calibration) {
        let labels = decoder.viterbi(emissions: emissions, allowed: free)
        let marginals = decoder.marginals(emissions: emissions, allowed: free, temperature: temperature).marginals
        for (place, truth) in truths.enumerated() {
            guard let truth else { continue }
            let label = labels[place]
            calibration.add(confidence: marginals[place][label], isRight: label == truth)
        }
    }
}

/// Returns the minimum of a unimodal function, found by golden-section search (Kiefer 1953).
private func goldenSection(_ range: ClosedRange<Double>, tolerance: Double, _ value: (Double) -> Double) -> Double {
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (range.lowerBound, range.upperBound)
    var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
    var (leftValue, rightValue) = (value(left), value(right))
    while high - low > tolerance {
        if leftValue < rightValue {
            (high, right, rightValue) = (right, left, leftValue)
            left = high - ratio * (high - low)
            leftValue = value(left)
        } else {
            (low, left, leftValue) = (left, right, rightValue)
            right = low + ratio * (high - low)
            rightValue = value(right)
        }
    }
    return (low + high) / 2
}
