/// A sink that keeps token ids up to a limit.
struct LimitedIDs: PieceSink {
    var ids: [Int32]
    /// The number of ids that can still be added.
    var room: Int
    var isCut = false

    @inline(__always)
    mutating func append(_ id: Int32, from start: Int, to end: Int) {
        guard room > 0 else {
            isCut = true
            return
        }
        room -= 1
        ids.append(id)
    }
}
