extension Array where Element == UInt8 {
    /// Returns the little-endian integer at `position`, or `nil` if it would extend beyond the end.
    func littleEndian<Integer: FixedWidthInteger>(_: Integer.Type, at position: Int) -> Integer? {
        let size = Integer.bitWidth / 8
        guard position >= 0, size <= count, position <= count - size else { return nil }
        var value: Integer = 0
        for offset in (0..<size).reversed() {
            value = value << 8 | Integer(truncatingIfNeeded: self[position + offset])
        }
        return value
    }

    /// Appends `value`, least significant byte first.
    mutating func append<Integer: FixedWidthInteger>(littleEndian value: Integer) {
        var value = value
        for _ in 0..<Integer.bitWidth / 8 {
            append(UInt8(truncatingIfNeeded: value))
            value >>= 8
        }
    }
}
