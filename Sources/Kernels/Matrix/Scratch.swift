/// One member's row of a scratch matrix, from which buffers are taken one after another.
@safe struct Scratch {
    private var next: UnsafeMutablePointer<Float>
    private var left: Int

    init(_ row: UnsafeMutablePointer<Float>, count: Int) {
        unsafe (next, left) = (row, count)
    }

    /// Returns the next `count` floats.
    mutating func take(_ count: Int) -> UnsafeMutablePointer<Float> {
        let taken = Self.size(count)
        precondition(taken <= left, "the scratch matrix has too few columns for this call")
        left -= taken
        defer { unsafe next += taken }
        return unsafe next
    }

    /// Returns how much ``take(_:)`` uses up for `count` floats: whole cache lines.
    static func size(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
