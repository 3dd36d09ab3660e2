import Checkpoint
import Kernels
import Model
import Synchronization

/// The encoder with a head of five labels, run as the comparison requires: a classifier on every `[SEP]` for joint
/// abstracts, a pooler and a classifier for single sentences.
final class Runner {
    private let networks: [SharedNetwork]
    private let batchTokens: Int

    /// Loads the encoder.
    ///
    /// - Parameters:
    ///   - directory: A checkpoint; only its encoder is used.
    ///   - precision: Precision of the encoder's matrix multiplications.
    ///   - workers: Number of batches that run at the same time.
    ///   - threads: Number of threads that share a batch.
    ///   - batchTokens: Most tokens in a batch.
    /// - Throws: An error if the checkpoint cannot be used.
    init(directory: String, _ precision: ProductPrecision, workers: Int, threads: Int, batchTokens: Int) throws {
        let files = try CheckpointDirectory(path: directory)
        let configuration = try Configuration(json: files.file("config.json"))
        let store = try files.tensors()
        let encoder = try Encoder(configuration, precision, tensors: store)
        self.batchTokens = batchTokens
        networks = (0..<workers).map { _ in
            SharedNetwork(Network(encoder, tokens: batchTokens, threads: threads))
        }
    }

    /// Runs all sequences once, in batches that are filled up to the token budget. Several workers share the batches.
    func run(_ sequences: [[Int32]], _ kind: Kind) {
        let batches = fill(sequences)
        if networks.count == 1 {
            networks[0].value.withLock { network in for batch in batches { network.run(batch, kind) } }
            return
        }
        ThreadTeam(count: networks.count).forEach(batches.count) { item, member in
            networks[member].value.withLock { $0.run(batches[item], kind) }
        }
    }

    private func fill(_ sequences: [[Int32]]) -> [Batch] {
        // Uses smaller batches if several workers share them, so that no worker waits long for the last one.
        let total = sequences.reduce(0) { $0 + $1.count }
        let budget = networks.count == 1 ? batchTokens : min(batchTokens, max(512, total / (8 * networks.count)))
        var batches: [Batch] = []
        var batch = Batch()
        for sequence in sequences {
            if batch.tokens > 0, batch.tokens + sequence.count > budget {
                batches.append(batch)
                batch = Batch()
            }
            batch.append(sequence)
        }
        if batch.tokens > 0 { batches.append(batch) }
        return batches
    }
}

private final class SharedNetwork: Sendable {
    let value: Mutex<Network>

    init(_ network: consuming sending Network) {
        value = Mutex(network)
    }
}

/// One encoder with its workspace, threads and heads.
private struct Network: ~Copyable {
    private let encoder: Encoder
    private let team: ThreadTeam
    private var workspace: Workspace
    private var pooled: Matrix
    private var logits: Matrix
    private let head: LinearParameters
    private let pooler: LinearParameters

    init(_ encoder: Encoder, tokens: Int, threads: Int) {
        let width = encoder.configuration.width
        self.encoder = encoder
        team = ThreadTeam(count: threads)
        workspace = Workspace(
            for: encoder.configuration, encoder.precision, labels: 5, tokens: tokens, threads: threads)
        pooled = Matrix(rows: workspace.tokens, columns: width)
        logits = Matrix(rows: workspace.tokens, columns: 5)
        // The values do not affect the time.
        head = LinearParameters(
            weight: Matrix(rows: 5, columns: width, (0..<5 * width).map { Float($0 % 7) / 100 }),
            bias: Matrix(rows: 1, columns: 5))
        pooler = LinearParameters(
            weight: Matrix(rows: width, columns: width, (0..<width * width).map { Float($0 % 11) / 1000 }),
            bias: Matrix(rows: 1, columns: width))
    }

    mutating func run(_ batch: borrowing Batch, _ kind: Kind) {
        encoder.forward(batch, kind == .joint ? .all : .first, &workspace, team: team)
        pooled.resize(rows: workspace.hidden.rows)
        logits.resize(rows: workspace.hidden.rows)
        let (hidden, pooled, logits) = (workspace.hidden.view, pooled.view, logits.view)
        team.forEach(RowBlocks(rows: hidden.rows, members: team.count)) { rows, _ in
            // Heads are float32 and need no scratch.
            switch kind {
            case .joint:
                head.apply(hidden[rows], into: logits[rows], scratch: hidden)
            case .sentences:
                pooler.apply(hidden[rows], into: pooled[rows], scratch: hidden)
                tanhInPlace(pooled[rows])
                head.apply(pooled[rows], into: logits[rows], scratch: hidden)
            }
        }
    }
}
