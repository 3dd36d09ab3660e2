internal import FoundationEssentials
internal import JSON
public import Logging

/// Writes every log entry as one line.
public struct LineLogHandler: LogHandler {
    /// The form of a line.
    public enum Format: Sendable {
        /// A JSON object with the members `time` (RFC 3339), `level`, `message` and one for each metadata value.
        case json
        /// The time, the level, the message, and `key=value` for each metadata value.
        case text
    }

    /// Metadata that is written with every line.
    public var metadata = Logger.Metadata()
    /// Provides further metadata for every line.
    public var metadataProvider: Logger.MetadataProvider?
    /// The lowest level that is written.
    public var logLevel = Logger.Level.info
    private let format: Format
    private let write: @Sendable ([UInt8]) -> Void

    /// Creates a handler that passes each line, with its line feed, to `write`.
    public init(_ format: Format = .json, write: @escaping @Sendable (_ line: [UInt8]) -> Void) {
        self.format = format
        self.write = write
    }

    /// A value of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes a line.
    public func log(event: LogEvent) {
        var all = metadata
        all.merge(metadataProvider?.get() ?? [:]) { $1 }
        all.merge(event.metadata ?? [:]) { $1 }
        write(Self.line(format, event.level, event.message.description, all))
    }

    /// Returns the line of an entry that is written now.
    public static func line(
        _ format: Format, _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata
    ) -> [UInt8] {
        let time = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let sorted = metadata.sorted { $0.key < $1.key }
        switch format {
        case .json:
            var json = JSONWriter()
            json.object { json in
                json.member("time", time)
                json.member("level", level.rawValue)
                json.member("message", message)
                for (key, value) in sorted {
                    json.key(key)
                    json.value(value)
                }
            }
            return json.bytes + [UInt8(ascii: "\n")]
        case .text:
            let words = [time, level.rawValue, message] + sorted.map { "\($0.key)=\($0.value)" }
            let scalars = words.joined(separator: " ").unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 }
            return Array(String(String.UnicodeScalarView(scalars)).utf8) + [UInt8(ascii: "\n")]
        }
    }
}

extension JSONWriter {
    fileprivate mutating func value(_ value: Logger.Metadata.Value) {
        switch value {
        case .string(let text): string(text)
        case .stringConvertible(let number as Int): integer(number)
        case .stringConvertible(let number as Double): self.number(number)
        case .stringConvertible(let flag as Bool): bool(flag)
        case .stringConvertible(let other): string(other.description)
        case .array(let values): array(values) { $0.value($1) }
        case .dictionary(let members):
            object { json in
                for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                    json.key(key)
                    json.value(value)
                }
            }
        }
    }
}
