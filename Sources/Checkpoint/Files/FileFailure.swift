import FoundationEssentials
import JSON

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The causes of failed file operations, in words.
package enum FileFailure {
    /// Returns the text of an error number of the operating system, such as "Permission denied".
    package static func reason(_ code: Int32) -> String { SystemCall.reason(code) }

    /// Returns why reading, decoding or writing a file failed, as a clause without the file's path and a full stop.
    ///
    /// Foundation wraps the operating system's error numbers in errors of its own, and a ``CheckpointError`` repeats
    /// the path. Use this in a message that already names the file.
    package static func reason(_ error: any Error) -> String {
        let reason = words(for: error)
        return reason.hasSuffix(".") ? String(reason.dropLast()) : reason
    }

    private static func words(for error: any Error) -> String {
        switch error {
        case let error as CheckpointError: error.reason
        case let error as DecodingError: error.reason
        case let error as JSONSyntaxError: "it is not valid JSON: \(error.reason)"
        case let error as CocoaError:
            (error.underlying as? POSIXError).map { SystemCall.reason($0.code.rawValue) } ?? "\(error)"
        default: "\(error)"
        }
    }
}

extension CheckpointError {
    /// The problem as a clause without the path and the remedy, where one file was refused; otherwise the description.
    fileprivate var reason: String {
        switch self {
        case .notFound: SystemCall.reason(ENOENT)
        case .notAFile(_, let found): "expected a regular file, found \(found)"
        case .unreadable(_, let reason), .unwritable(_, let reason): reason
        default: description
        }
    }
}
