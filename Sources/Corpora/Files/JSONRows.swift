import JSON

/// The objects of a file of JSON lines, reduced to the requested members.
struct JSONRows {
    private var lines: CorpusLines
    private let name: String
    private let columns: [CorpusColumn]
    /// The bytes of the last object that was read.
    private(set) var object: [UInt8] = []

    init(_ file: CorpusFile, columns: [CorpusColumn]) {
        lines = file.lines
        name = file.name
        self.columns = columns
    }

    /// Returns the next row, or `nil` at the end of the file.
    mutating func next() throws(CorpusError) -> CorpusRow? {
        while let line = lines.next() {
            guard !line.isBlank else { continue }
            let bytes = Array(line.bytes)
            var cells: [CorpusCell?]
            do {
                cells = try read(bytes)
            } catch {
                throw CorpusError(
                    file: name, line: line.number,
                    "the line is not a valid JSON object: column \(error.place(in: bytes).column): \(error.reason); write one object per line."
                )
            }
            for (column, cell) in zip(columns, cells) where cell == nil && column.isRequired {
                throw CorpusError(
                    file: name, line: line.number,
                    "expected a member \(column.description) for \(column.purpose), found none; add it, or name the member with \(column.option)."
                )
            }
            object = bytes
            return CorpusRow(line: line.number, cells: cells)
        }
        return nil
    }

    private func read(_ bytes: [UInt8]) throws(JSONSyntaxError) -> [CorpusCell?] {
        var cells = [CorpusCell?](repeating: nil, count: columns.count)
        // If an object has several names of one column, the name that comes first in the column's list wins.
        var ranks = [Int](repeating: .max, count: columns.count)
        var json = JSONReader(bytes)
        try json.object { (json, name) throws(JSONSyntaxError) in
            var wanted: [Int] = []
            for (column, choice) in columns.enumerated() {
                guard let rank = choice.names.firstIndex { JSONKey($0) == name }, rank <= ranks[column] else {
                    continue
                }
                ranks[column] = rank
                wanted.append(column)
            }
            guard !wanted.isEmpty else { return try json.skipValue() }
            let cell = try Self.cell(&json)
            for column in wanted { cells[column] = cell }
        }
        try json.end()
        return cells
    }

    private static func cell(_ json: inout JSONReader) throws(JSONSyntaxError) -> CorpusCell? {
        if try json.skipNull() { return nil }
        guard json.peek() == UInt8(ascii: "[") else { return .one(try scalar(&json)) }
        var elements: [String] = []
        try json.array { (json) throws(JSONSyntaxError) in elements.append(try scalar(&json)) }
        return .many(elements)
    }

    private static func scalar(_ json: inout JSONReader) throws(JSONSyntaxError) -> String {
        switch json.peek() {
        case UInt8(ascii: "\""): return try json.string()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return try json.value() == .bool(true) ? "true" : "false"
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"):
            throw json.fault("expected a string, a whole number, true, false or a list of them")
        default: return String(try json.count())
        }
    }
}
