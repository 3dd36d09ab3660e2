extension Reference {
    /// Rounds to the nearest bfloat16, which has 8 significant bits, ties to even. x must be finite in float32.
    public static func bfloat16(_ x: Double) -> Double {
        let bits = Float(x).bitPattern
        return Double(Float(bitPattern: (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000))
    }

    /// Rounds every element to bfloat16.
    public static func bfloat16(_ x: Rows) -> Rows { x.map { $0.map { bfloat16($0) } } }

    /// Quantises each row to unsigned bytes up to `levels` and back: (q - zero) · scale.
    ///
    /// The range runs from the smaller of 0 and the row's minimum to the larger of 0 and its maximum. The arithmetic is
    /// float32, so that an element halfway between two bytes is rounded like in the kernel.
    public static func unsignedBytes(_ x: Rows, levels: Int) -> Rows {
        x.map { row in
            let values = row.map(Float.init)
            let low = min(0, values.min() ?? 0)
            let range = max(0, values.max() ?? 0) - low
            let inverse = range > 0 ? Float(levels) / range : 0
            let zero = (0.5 - low * inverse).rounded(.towardZero)
            return values.map { value in
                let place = min(max(zero.addingProduct(value, inverse), 0), Float(levels))
                return Double(place.rounded(.toNearestOrEven) - zero) * Double(range / Float(levels))
            }
        }
    }

    /// Transposes a matrix.
    public static func transpose(_ x: Rows) -> Rows {
        (x.first ?? []).indices.map { column in x.map { $0[column] } }
    }

    /// Quantises each row to signed bytes from -127 to 127 and back: q · scale.
    public static func signedBytes(_ x: Rows) -> Rows {
        x.map { row in
            let values = row.map(Float.init)
            let largest = values.map(abs).max() ?? 0
            let inverse = largest > 0 ? 127 / largest : 0
            return values.map { Double(($0 * inverse).rounded(.toNearestOrEven)) * Double(largest / 127) }
        }
    }
}
