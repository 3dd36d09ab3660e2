import Runs
public import Corpora
import Checkpoint
public import Evaluation
import Glibc
import JSON
import Labelling
import Model
import Text

/// Fits the temperature of a sequence labeller, so that its confidences match the share of labels that are right: the
/// temperature with the highest likelihood on labelled abstracts (Guo et al. 2017, "On Calibration of Modern Neural Networks").
///
/// A single number cannot fit the data too closely, so the abstracts by which the checkpoint was chosen will do.
public struct CheckpointCalibration {
    /// The best temperature.
    public let temperature: Double
    /// The calibration of the confidences at the temperature that the checkpoint had.
    public let before: Calibration
    /// The calibration of the confidences at ``temperature``.
    public let after: Calibration

    private let checkpoint: BaseCheckpoint

    /// Labels abstracts and looks for the temperature. Sentences of which several labels are allowed, or nothing is known, are
    /// left out.
    ///
    /// - Parameters:
    ///   - path: The checkpoint's directory.
    ///   - corpus: Abstracts that it has not learnt from.
    ///   - threads: Threads that share the arithmetic.
    /// - Throws: ``TrainingError/recipe(_:)`` where the checkpoint is no sequence labeller or the corpus no abstracts;
    ///   `CorpusError` where the corpus has a label the checkpoint does not; errors of the checkpoint's files.
    public init(checkpoint path: String, on corpus: LabelledCorpus, threads: Int) throws {
        checkpoint = try BaseCheckpoint(path: path)
        let labeller = try Labeller(checkpoint.directory)
        guard case .abstracts(let abstracts) = corpus, case .sequenceLabeller(let model) = labeller.model else {
            throw TrainingError.recipe(
                "calibration needs a checkpoint that labels the sentences of an abstract together, and labelled abstracts."
            )
        }
        let engine = Engine(labeller, threads: threads)
        let scored = try abstracts.items.map { try ScoredAbstract($0, engine) }
        let decoder = model.decoder
        func loss(_ exponent: Double) -> Double {
            scored.reduce(0) { $0 + $1.loss(decoder, temperature: exp2(exponent)) }
        }
        // To half a percent, which moves no probability by more than a tenth of one.
        let exponent = goldenSection(-2...3, tolerance: 0.007, loss)
        let best = (exp2(exponent) * 1000).rounded() / 1000
        func calibration(_ temperature: Double) -> Calibration {
            scored.reduce(into: Calibration()) { $1.count(decoder, temperature: temperature, into: &$0) }
        }
        temperature = best
        before = calibration(checkpoint.configuration.temperature)
        after = calibration(best)
    }

    /// Writes the temperature to the checkpoint's `config.json` and leaves every other member of it unchanged.
    ///
    /// - Throws: ``TrainingError/output(_:)`` where that is impossible.
    public func write() throws {
        let path = "\(checkpoint.directory.path)/config.json"
        do {
            let json = try Self.setting(temperature, in: checkpoint.directory.file("config.json"))
            var file = try ReplacementFile(for: path)
            try file.write(json)
            try file.commit()
        } catch {
            throw TrainingError.output("\(path) cannot be written: \(error)")
        }
    }

    /// A JSON object with another temperature, every other member as it was spelled.
    private static func setting(_ temperature: Double, in object: [UInt8]) throws(JSONSyntaxError) -> [UInt8] {
        var json = JSONReader(object)
        var members: [(name: String, value: ArraySlice<UInt8>)] = []
        try json.object { (json, name) throws(JSONSyntaxError) in
            _ = json.peek()
            let start = json.position
            try json.skipValue()
            if name != "temperature" { members.append((name, object[start..<json.position])) }
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

/// An abstract's emissions beside its true labels.
private struct ScoredAbstract {
    /// `[n][C]`
    let emissions: [[Double]]
    /// One for each sentence; `nil` where it is not known, or not which of several.
    let truths: [Int?]

    init(_ abstract: TrainingAbstract, _ engine: Engine) throws {
        let labeller = engine.labeller
        let prepared = try labeller.prepare(Abstract(sentences: abstract.sentences.map(\.text)), headings: .ignore)
        emissions = prepared.layout.sentenceRows(Array(engine.run(prepared.layout.windows)))
        truths = try abstract.sentences.map { sentence in
            guard sentence.labels.count == 1 else { return nil }
            guard let place = labeller.labels.firstIndex(of: sentence.labels[0]) else {
                throw CorpusError(
                    description:
                        "\(abstract.id) has the label \"\(sentence.labels[0])\"; the checkpoint's labels are \(labeller.labels.joined(separator: ", "))."
                )
            }
            return place
        }
    }

    private var free: [LabelSubset] { emissions.map { _ in .all } }

    /// Σ −log P(true label)
    func loss(_ decoder: ConditionalRandomField, temperature: Double) -> Double {
        let marginals = decoder.marginals(emissions: emissions, allowed: free, temperature: temperature).marginals
        return zip(marginals, truths).reduce(0) { sum, item in
            // A probability that rounds to 0 must not make every temperature equal.
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

/// Where a function of one minimum is lowest, by golden-section search (Kiefer 1953).
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
