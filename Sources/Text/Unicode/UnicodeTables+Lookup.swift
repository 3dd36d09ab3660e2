extension UnicodeTables {
    /// Calls `body` with each code point in `table` and the code points that it maps to.
    ///
    /// `table` is a flat list with, for each entry, a code point, a length and that many code points.
    static func forEachMapping(in table: [UInt32], _ body: (UInt32, ArraySlice<UInt32>) -> Void) {
        var index = 0
        while index < table.count {
            let end = index + 2 + Int(table[index + 1])
            body(table[index], table[index + 2..<end])
            index = end
        }
    }
}
