/// One member's row of a scratch matrix, handed out piece by piece.
@safe struct Scratch {
    private var next: UnsafeMutablePointer<Float>
    private var left: Int

    init(_ row: UnsafeMutablePointer<Float>, count: Int) {
        unsafe (next, left) = (row, count)
    }

    /// The next `count` floats.
    mutating func take(_ count: Int) -> UnsafeMutablePointer<Float> {
        let taken = Self.size(count)
        precondition(taken <= left, "attention was given too little scratch for the longest window")
        left -= taken
        defer { unsafe next += taken }
        return unsafe next
    }

    /// What ``take(_:)`` uses up for `count`: whole cache lines.
    static func size(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
