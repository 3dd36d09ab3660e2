import Corpora
import Evaluation
import Labelling

/// Throughput by the number of abstracts that run together.
struct BenchThroughput: CustomStringConvertible {
    private var rows: [(abstracts: Int, tokens: Int, seconds: Double)] = []

    init(_ engine: Engine, requests: [BenchRequest]) {
        for count in [1, 2, 4, 8, 16, 32, 64] {
            let prepared = (0..<count).compactMap {
                requests[$0 % requests.count].prepared(engine.labeller)
            }
            rows.append((prepared.count, prepared.tokens, medianTime { _ = engine.label(prepared) }))
        }
    }

    var description: String {
        var table = TextTable(["abstracts together", "tokens", "abstracts/s", "tokens/s"])
        for row in rows {
            table.add([
                "\(row.abstracts)", "\(row.tokens)", decimal(Double(row.abstracts) / row.seconds, digits: 1),
                decimal(Double(row.tokens) / row.seconds, digits: 0),
            ])
        }
        return table.description
    }
}
