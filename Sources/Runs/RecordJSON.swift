import FoundationEssentials

/// The records of runs as JSON with names in snake case, to be read by people too.
package enum RecordJSON {
    /// A record's bytes.
    package static func encode(_ record: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(record)) + [UInt8(ascii: "\n")]
    }

    /// The record that ``encode(_:)`` made `bytes` of.
    package static func decode<Record: Decodable>(_: Record.Type, from bytes: [UInt8]) throws -> Record {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Record.self, from: Data(bytes))
    }
}
