import CSV
import TestSupport
import Testing

@Suite("CSV")
struct CSVTests {
    private func records(_ text: String, delimiter: UInt8 = UInt8(ascii: ",")) throws -> [CSVReader.Record] {
        var reader = CSVReader(Array(text.utf8), delimiter: delimiter)
        var records: [CSVReader.Record] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    @Test("Quoted fields contain delimiters, quotation marks and line ends; blank lines are skipped")
    func reading() throws {
        let found = try records("a,b\r\n\r\n\"1,\"\"\n2\",x\"y\n,\n")
        #expect(found.map(\.fields) == [["a", "b"], ["1,\"\n2", "x\"y"], ["", ""]])
        #expect(found.map(\.line) == [1, 3, 5])
    }

    @Test(
        "The line of a malformed record is reported",
        arguments: [
            ("a\nb,\"c", 2, "never ends"), ("a\n\n\"b\"c", 3, "expected a delimiter or the record's end"),
        ])
    func faults(text: String, line: Int, says: String) {
        let fault = #expect(throws: CSVReader.Fault.self) { try records(text) }
        #expect(fault?.line == line && fault?.description.contains(says) == true)
    }

    @Test("Records are read back as written, for any content of the fields", arguments: [",", ";", "\t"])
    func roundTrip(delimiter: String) throws {
        let alphabet: [Character] = ["a", " ", ",", ";", "\t", "\"", "\n", "\r", "\r\n", "é", "🦉"]
        var generator = SeededGenerator(seed: 7)
        let rows = (0..<200).map { _ in
            (0..<3).map { _ in
                let count = Int.random(in: 0...4, using: &generator)
                return String((0..<count).compactMap { _ in alphabet.randomElement(using: &generator) })
            }
        }
        let byte = try #require(delimiter.utf8.first)
        var writer = CSVWriter(delimiter: byte)
        for row in rows { writer.record(row) }
        #expect(try records(String(decoding: writer.bytes, as: UTF8.self), delimiter: byte).map(\.fields) == rows)
    }
}
