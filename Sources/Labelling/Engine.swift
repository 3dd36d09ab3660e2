public import Kernels
internal import Model

/// A labeller's network with the memory and threads to run it, one forward pass at a time.
public final class Engine {
    /// The labeller whose network this engine runs.
    public let labeller: Labeller
    private let team: ThreadTeam
    private var workspace: Workspace
    private var batch = Batch()
    private var spans: [Range<Int>] = []

    /// The default token limit of a forward pass. It keeps all cores busy; more tokens gain nothing.
    public static let defaultTokens = 4_096

    /// Creates an engine and allocates all memory for its forward passes.
    ///
    /// - Parameters:
    ///   - labeller: The loaded checkpoint.
    ///   - threads: The number of threads that share one forward pass.
    ///   - tokens: The most tokens in one forward pass, raised to the length of a full window if it is less.
    public convenience init(_ labeller: Labeller, threads: Int, tokens: Int = Engine.defaultTokens) {
        self.init(labeller, team: ThreadTeam(count: threads), tokens: tokens)
    }

    /// Creates an engine with a team of threads that other engines also use. Only one of them may run at a time.
    public init(_ labeller: Labeller, team: ThreadTeam, tokens: Int) {
        self.labeller = labeller
        self.team = team
        workspace = Workspace(
            for: labeller.model.configuration, labeller.model.encoder.precision, labels: labeller.labels.count,
            tokens: tokens, threads: team.count)
    }

    /// Returns the head's output for every span of the windows.
    public func run(_ windows: [Window]) -> LogitRows {
        var rows = LogitRows(labels: labeller.labels.count)
        run(windows, into: &rows)
        return rows
    }

    /// Replaces `rows` with the head's output for every span of the windows.
    ///
    /// Each batch holds as many windows as fit the workspace. How windows are distributed over batches changes the
    /// results only by rounding. Once `rows` has enough capacity, nothing is allocated for it.
    public func run(_ windows: [Window], into rows: inout LogitRows) {
        rows.removeAll()
        var next = 0
        while next < windows.count {
            batch.removeAll()
            spans.removeAll(keepingCapacity: true)
            while next < windows.count, batch.tokens + windows[next].ids.count <= workspace.tokens {
                let start = batch.tokens
                for span in windows[next].spans { spans.append(span.lowerBound + start..<span.upperBound + start) }
                batch.append(windows[next].ids)
                next += 1
            }
            switch labeller.model {
            case .sequenceLabeller(let model): model.emissions(batch, spans: spans, &workspace, team: team)
            case .sequenceClassifier(let model): model.logits(batch, &workspace, team: team)
            }
            rows.append(workspace.logits)
        }
    }

    /// Labels abstracts together, in batches.
    ///
    /// - Parameter prepared: The abstracts in windows.
    /// - Returns: The labelled abstracts, in the same order.
    public func label(_ prepared: [PreparedAbstract]) -> [LabelledAbstract] {
        var rows = run(prepared.flatMap(\.layout.windows))[...]
        return prepared.map { labeller.decode($0, rows: $0.layout.windows.takeRows(from: &rows)) }
    }

    /// Labels whole texts together, in batches.
    ///
    /// - Parameter prepared: The texts in windows.
    /// - Returns: The labelled texts, in the same order.
    public func label(_ prepared: [PreparedText]) -> [LabelledText] {
        zip(prepared, run(prepared.map(\.window))).map { labeller.decode($0, logits: $1) }
    }
}
