import Corpora
import Evaluation
import Labelling
import Text

/// The latency of one abstract by its length.
struct BenchLatency: CustomStringConvertible {
    private var rows: [(tokens: Int, sentences: Int, seconds: Double)] = []

    init(_ engine: Engine) {
        let sentences = engine.labeller.abstract(SampleAbstract.text)
        let texts = sentences.sentences.map { sentences.text.string(in: $0.range) }
        for count in [1, 2, 4, 8, 12, 24, 48] {
            let repeated = (0..<count).map { texts[$0 % texts.count] }
            guard let prepared = try? engine.labeller.prepare(Abstract(sentences: repeated)) else { continue }
            rows.append(([prepared].tokens, count, medianTime { _ = engine.label([prepared]) }))
        }
    }

    var description: String {
        var table = TextTable(["one abstract of", "tokens", "ms", "µs per token"])
        for row in rows {
            table.add([
                "\(row.sentences) sentences", "\(row.tokens)", decimal(row.seconds * 1e3, digits: 2),
                decimal(row.seconds * 1e6 / Double(row.tokens), digits: 1),
            ])
        }
        return table.description
    }
}
