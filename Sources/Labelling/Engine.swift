public import Kernels
internal import Model

/// A labeller's network with the scratch and threads to run it; one forward pass at a time.
public final class Engine {
    /// Whose network this runs.
    public let labeller: Labeller
    private let team: ThreadTeam
    private var workspace: Workspace
    private var batch = Batch()
    private var spans: [Range<Int>] = []

    /// The tokens of a forward pass that use the cores well: beyond this, more rows gain nothing.
    public static let defaultTokens = 4_096

    /// Allocates everything a forward pass needs.
    ///
    /// - Parameters:
    ///   - labeller: The loaded checkpoint.
    ///   - threads: Threads that share one forward pass.
    ///   - tokens: The most tokens of a forward pass; raised to one full window.
    public convenience init(_ labeller: Labeller, threads: Int, tokens: Int = Engine.defaultTokens) {
        self.init(labeller, team: ThreadTeam(count: threads), tokens: tokens)
    }

    /// The same with a team that other engines use as well, one at a time.
    public init(_ labeller: Labeller, team: ThreadTeam, tokens: Int) {
        self.labeller = labeller
        self.team = team
        workspace = Workspace(
            for: labeller.model.configuration, labeller.model.encoder.precision, labels: labeller.labels.count,
            tokens: tokens, threads: team.count)
    }

    /// The head's output for every span of the windows.
    public func run(_ windows: [Window]) -> LogitRows {
        var rows = LogitRows(labels: labeller.labels.count)
        run(windows, into: &rows)
        return rows
    }

    /// Replaces `rows` with the head's output for every span of the windows; allocates nothing once `rows` has room.
    ///
    /// Windows run together as far as the workspace reaches; where one batch ends makes no difference to the result
    /// beyond rounding.
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

    /// Labels abstracts together.
    ///
    /// - Parameter prepared: Abstracts in windows.
    /// - Returns: In the same order.
    public func label(_ prepared: [PreparedAbstract]) -> [LabelledAbstract] {
        var rows = run(prepared.flatMap(\.layout.windows))[...]
        return prepared.map { labeller.decode($0, rows: $0.layout.windows.takeRows(from: &rows)) }
    }

    /// Labels texts together.
    ///
    /// - Parameter prepared: Texts in windows.
    /// - Returns: In the same order.
    public func label(_ prepared: [PreparedText]) -> [LabelledText] {
        zip(prepared, run(prepared.map(\.window))).map { labeller.decode($0, logits: $1) }
    }
}
