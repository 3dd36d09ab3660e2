import JSON

/// The lines of JSON lines, with the members that are asked for.
struct JSONRows {
    private var lines: CorpusLines
    private let name: String
    private let columns: [CorpusColumn]
    /// The bytes of the object that was read last.
    private(set) var object: [UInt8] = []

    init(_ file: CorpusFile, columns: [CorpusColumn]) {
        lines = file.lines
        name = file.name
        self.columns = columns
    }

    /// The next row; `nil` at the end.
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
                    "expected a JSON object, but at column \(error.place(in: bytes).column) \(error.reason); write one object a line."
                )
            }
            for (column, cell) in zip(columns, cells) where cell == nil && column.isRequired {
                throw CorpusError(
                    file: name, line: line.number,
                    "expected a member \(column.description) for \(column.purpose), found none; fill it in, or say how it is called."
                )
            }
            object = bytes
            return CorpusRow(line: line.number, cells: cells)
        }
        return nil
    }

    private func read(_ bytes: [UInt8]) throws(JSONSyntaxError) -> [CorpusCell?] {
        var cells = [CorpusCell?](repeating: nil, count: columns.count)
        // Of several names of a column the one that is tried first counts.
        var ranks = [Int](repeating: .max, count: columns.count)
        var json = JSONReader(bytes)
        try json.object { (json, name) throws(JSONSyntaxError) in
            var wanted: [Int] = []
            for (column, choice) in columns.enumerated() {
                guard let rank = choice.names.firstIndex(of: name), rank <= ranks[column] else { continue }
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
            throw json.fault("expected a string, a number or a list of them")
        default: return String(try json.count())
        }
    }
}
