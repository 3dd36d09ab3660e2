import Evaluation
import Labelling

/// How much was labelled, how long it took, and how much of that the network ran.
struct LabelTimes: CustomStringConvertible {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var abstracts = 0
    private var sentences = 0
    private var tokens = 0
    private var running = Duration.zero

    /// Time runs from here.
    init() { start = clock.now }

    /// Adds abstracts, and the time of labelling them.
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
