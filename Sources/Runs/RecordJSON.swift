import FoundationEssentials

/// The JSON encoding of records of runs, with names in snake case, indented to be readable.
package enum RecordJSON {
    /// Returns the JSON of a record, with a line feed at its end.
    package static func encode(_ record: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(record)) + [UInt8(ascii: "\n")]
    }

    /// Decodes a record from JSON that ``encode(_:)`` wrote.
    package static func decode<Record: Decodable>(_: Record.Type, from bytes: [UInt8]) throws -> Record {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Record.self, from: Data(bytes))
    }
}
