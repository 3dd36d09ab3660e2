internal import FoundationEssentials
internal import Glibc
internal import JSON
public import Logging

/// Writes every log entry as one line of JSON to standard error, with the members `time` (RFC 3339), `level`, `message`
/// and one for each metadata value.
public struct JSONLogHandler: LogHandler {
    /// Metadata that is written with every line.
    public var metadata = Logger.Metadata()
    /// Provides further metadata for every line.
    public var metadataProvider: Logger.MetadataProvider?
    /// The lowest level that is written.
    public var logLevel = Logger.Level.info
    private let write: @Sendable ([UInt8]) -> Void

    /// Creates a handler that writes to standard error.
    public init(label: String) {
        self.init { bytes in
            // One call per line, so that lines of different threads do not mix.
            _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
    }

    /// Creates a handler that passes each line to `write`.
    public init(write: @escaping @Sendable (_ line: [UInt8]) -> Void) {
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
        var json = JSONWriter()
        json.object { json in
            json.member("time", Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
            json.member("level", event.level.rawValue)
            json.member("message", event.message.description)
            for (key, value) in all.sorted(by: { $0.key < $1.key }) {
                json.key(key)
                json.value(value)
            }
        }
        write(json.bytes + [UInt8(ascii: "\n")])
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
