extension UnicodeTables {
    /// Calls `body` with every code point of `table`, a flat list of code point, length and that many code points, and
    /// what it maps to.
    static func forEachMapping(in table: [UInt32], _ body: (UInt32, ArraySlice<UInt32>) -> Void) {
        var index = 0
        while index < table.count {
            let end = index + 2 + Int(table[index + 1])
            body(table[index], table[index + 2..<end])
            index = end
        }
    }
}
