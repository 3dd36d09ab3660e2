/// Where an encoding puts its pieces.
protocol PieceSink {
    /// Whether a piece was refused, so that no further one need be found.
    var isCut: Bool { get }
    /// Takes the piece that stands for the text's code points from `start` up to `end`.
    mutating func append(_ id: Int32, from start: Int, to end: Int)
}
