import Corpora
import Evaluation
import JSON
import Kernels
import Labelling
import Model
import Serving

/// The time of each stage of a batch, measured alone on the same data.
struct BenchStages: CustomStringConvertible {
    private struct Stage {
        let name: String
        /// Seconds for the whole batch.
        let seconds: Double
        var operations = 0
        /// The highest rate on this machine, in operations per second.
        var limit = 0.0
    }

    private let abstracts: Int
    private let tokens: Int
    private var stages: [Stage] = []
    /// Seconds of the forward pass as the engine runs it.
    private let forward: Double
    private let innerLoop: Double
    private let sgemm: Double?

    /// - Parameters:
    ///   - labeller: A labeller of sentences.
    ///   - requests: The abstracts, repeated until a batch is full.
    ///   - limits: The highest rates, for comparison.
    ///   - team: The threads.
    init(_ labeller: Labeller, requests: [BenchRequest], limits: BenchLimits, team: ThreadTeam) {
        var batch: [BenchRequest] = []
        var prepared: [PreparedAbstract] = []
        while prepared.tokens + (prepared.last.map { [$0].tokens } ?? 0) <= Engine.defaultTokens {
            let request = requests[batch.count % requests.count]
            guard let item = request.prepared(labeller) else { break }
            batch.append(request)
            prepared.append(item)
        }
        abstracts = prepared.count
        tokens = prepared.tokens
        let contents = batch.compactMap(\.content)
        let divided = prepared.map(\.abstract)
        var stages = [
            Stage(name: "JSON in", seconds: medianTime { for request in batch { _ = request.content } }),
            Stage(
                name: "sentences",
                seconds: medianTime { for case .text(let text) in contents { _ = labeller.abstract(text) } }),
            Stage(
                name: "tokens",
                seconds: medianTime { for abstract in divided { _ = try? labeller.prepare(abstract) } }),
        ]
        let windows = prepared.flatMap(\.layout.windows)
        stages += Self.encoder(labeller.model.encoder, windows, limits, team)

        let engine = Engine(labeller, threads: team.count)
        forward = medianTime { _ = engine.run(windows) }
        var emissions = engine.run(windows)[...]
        let rows = prepared.map { $0.layout.windows.takeRows(from: &emissions) }
        let labelled = zip(prepared, rows).map { labeller.decode($0, rows: $1) }
        stages += [
            Stage(
                name: "CRF",
                seconds: medianTime {
                    for (item, rows) in zip(prepared, rows) { _ = labeller.decode(item, rows: rows) }
                }
            ),
            Stage(
                name: "JSON out",
                seconds: medianTime {
                    for abstract in labelled {
                        var json = JSONWriter()
                        json.object { $0.members(of: abstract, labels: labeller.labels) }
                    }
                }),
        ]
        self.stages = stages
        innerLoop = limits.innerLoop(labeller.model.encoder.precision)
        sgemm = limits.sgemm
    }

    /// The time of each kernel of the forward pass over all layers, divided among the threads as in `Encoder.forward`.
    private static func encoder(
        _ encoder: Encoder, _ windows: [Window], _ limits: BenchLimits, _ team: ThreadTeam
    ) -> [Stage] {
        var batch = Batch()
        for window in windows { batch.append(window.ids) }
        let (ids, positions, rows) = (batch.ids, batch.positions, batch.tokens)
        let (width, wide) = (encoder.configuration.width, encoder.configuration.intermediateWidth)
        let precision = encoder.precision
        let hidden = Matrix(rows: rows, columns: width)
        let output = Matrix(rows: rows, columns: width)
        var context = Matrix(rows: rows, columns: width)
        let projected = Matrix(rows: rows, columns: 3 * width)
        let intermediate = Matrix(rows: rows, columns: wide)
        var scratch = Workspace.scratch(for: encoder.configuration, precision, threads: team.count)
        let members = scratch.view
        let (h, o, p, i) = (hidden.view, output.view, projected.view, intermediate.view)
        let blocks = RowBlocks(rows: rows, members: team.count)
        let limit = limits.innerLoop(precision)
        func product(
            _ name: String, _ inner: Int, _ outer: Int,
            _ work: (EncoderLayer, Range<Int>, _ scratch: MatrixView) -> Void
        ) -> Stage {
            let seconds = medianTime {
                for layer in encoder.layers {
                    team.forEach(blocks) { rows, member in work(layer, rows, members[member..<member + 1]) }
                }
            }
            return Stage(
                name: name, seconds: seconds, operations: 2 * rows * inner * outer * encoder.layers.count, limit: limit)
        }
        let embedding = medianTime {
            team.forEach(blocks) { rows, _ in
                encoder.embeddings.embed(ids: ids, positions: positions, rows, into: h[rows])
            }
        }
        let queries = product("Q, K, V", width, 3 * width) { layer, rows, scratch in
            layer.queryKeyValue.apply(h[rows], into: p[rows], scratch: scratch)
        }
        let attending = medianTime {
            for _ in encoder.layers {
                attention(
                    projected,
                    MultiHeadAttention(
                        windows: batch.cumulativeLengths, heads: encoder.configuration.heads, precision: precision),
                    into: &context, scratch: &scratch, team: team)
            }
        }
        let c = context.view
        let squares = zip(batch.cumulativeLengths, batch.cumulativeLengths.dropFirst()).reduce(0) {
            $0 + ($1.1 - $1.0) * ($1.1 - $1.0)
        }
        return [
            Stage(name: "embedding", seconds: embedding),
            queries,
            Stage(
                name: "attention", seconds: attending, operations: 4 * squares * width * encoder.layers.count,
                limit: limits.innerLoop(precision)),
            product("attention output, norm", width, width) { layer, rows, scratch in
                layer.attentionOutput.apply(
                    c[rows], residual: h[rows], layer.attentionNorm, into: o[rows], scratch: scratch)
            },
            product("intermediate, \(encoder.configuration.activation)", width, wide) { layer, rows, scratch in
                layer.intermediate.apply(h[rows], encoder.configuration.activation, into: i[rows], scratch: scratch)
            },
            product("output, norm", wide, width) { layer, rows, scratch in
                layer.output.apply(i[rows], residual: h[rows], layer.outputNorm, into: o[rows], scratch: scratch)
            },
        ]
    }

    var description: String {
        var table = TextTable(["stage", "µs per abstract", "share", "GOP/s", "of the limit"])
        let total = stages.reduce(0) { $0 + $1.seconds }
        func add(_ name: String, _ seconds: Double, share: Bool, _ operations: Int, _ limit: Double) {
            let rate = Double(operations) / seconds
            table.add([
                name, decimal(seconds * 1e6 / Double(abstracts), digits: 1),
                share ? "\(decimal(100 * seconds / total, digits: 1)) %" : "", operations > 0 ? giga(rate) : "",
                operations > 0 ? "\(decimal(100 * rate / limit, digits: 0)) %" : "",
            ])
        }
        for stage in stages { add(stage.name, stage.seconds, share: true, stage.operations, stage.limit) }
        add("sum", total, share: true, 0, 1)
        let operations = stages.reduce(0) { $0 + $1.operations }
        add("forward pass as the engine runs it", forward, share: false, operations, innerLoop)
        let comparison = sgemm.map {
            "\n\nThe forward pass runs at \(decimal(100 * Double(operations) / forward / $0, digits: 0)) % of sgemm."
        }
        return "\(abstracts) abstracts, \(tokens) tokens in one batch\n\n\(table)\(comparison ?? "")"
    }
}
