import Evaluation
import Labelling

/// The amount of labelled text, the time it took, and the time spent in the network and the CRF.
struct LabelTimes: CustomStringConvertible {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var abstracts = 0
    private var sentences = 0
    private var tokens = 0
    private var running = Duration.zero

    /// Starts the clock.
    init() { start = clock.now }

    /// Labels abstracts and adds their number and the time they take.
    mutating func measure(
        _ prepared: [PreparedAbstract], _ label: ([PreparedAbstract]) -> [LabelledAbstract]
    ) -> [LabelledAbstract] {
        abstracts += prepared.count
        sentences += prepared.reduce(0) { $0 + $1.abstract.sentences.count }
        tokens += prepared.tokens
        var labelled: [LabelledAbstract] = []
        running += clock.measure { labelled = label(prepared) }
        return labelled
    }

    var description: String {
        let all = (clock.now - start) / .seconds(1)
        let inside = running / .seconds(1)
        return
            "\(abstracts) abstracts of \(sentences) sentences and \(tokens) tokens in \(decimal(all, digits: 3)) s, \(decimal(Double(abstracts) / all, digits: 1)) a second; the network and the CRF ran for \(decimal(inside, digits: 3)) s of it (\(decimal(100 * inside / all, digits: 1)) %)."
    }
}
