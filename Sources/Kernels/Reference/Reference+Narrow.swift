extension Reference {
    /// The nearest number of 8 significant bits, the even one of two; of float32's finite values.
    public static func bfloat16(_ x: Double) -> Double {
        let bits = Float(x).bitPattern
        return Double(Float(bitPattern: (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000))
    }

    /// Every element rounded to bfloat16.
    public static func bfloat16(_ x: Rows) -> Rows { x.map { $0.map { bfloat16($0) } } }

    /// What unsigned bytes up to `levels` leave of each row: (q - zero) · scale, from the row's smallest value, or 0, to its
    /// largest, or 0. In float32, as an element half way between two bytes falls where the kernel has it fall.
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

    /// Rows as columns.
    public static func transpose(_ x: Rows) -> Rows {
        (x.first ?? []).indices.map { column in x.map { $0[column] } }
    }

    /// What signed bytes leave of each row: q · scale with q from -127 to 127.
    public static func signedBytes(_ x: Rows) -> Rows {
        x.map { row in
            let values = row.map(Float.init)
            let largest = values.map(abs).max() ?? 0
            let inverse = largest > 0 ? 127 / largest : 0
            return values.map { Double(($0 * inverse).rounded(.toNearestOrEven)) * Double(largest / 127) }
        }
    }
}
