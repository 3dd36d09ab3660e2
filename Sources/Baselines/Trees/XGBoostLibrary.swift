internal import CXGBoost
import Runs

/// The library libxgboost, loaded at its first use.
///
/// Its interface consists of pointers, so the unsafe code of this module is here, in ``XGBoostMatrix`` and in ``Booster``.
/// They pass arrays to the library only for the duration of a call, and copy its results.
@safe package struct XGBoostLibrary {
    let functions: cx_library

    private static nonisolated(unsafe) let loaded = unsafe cx_load()

    /// Whether a usable libxgboost is installed.
    package static var isInstalled: Bool { unsafe loaded != nil }

    /// Returns the loaded library.
    ///
    /// - Throws: `TrainingError.recipe` if libxgboost is not installed.
    init() throws(TrainingError) {
        guard let loaded = unsafe Self.loaded else {
            throw .recipe(
                "--model boosted-trees needs libxgboost 1.7 or newer, but libxgboost.so.0 is not installed. Install it (Debian package libxgboost0)."
            )
        }
        unsafe functions = loaded.pointee
    }

    /// Version, such as "1.7.4".
    var version: String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        unsafe functions.version(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    /// Checks the status of a call.
    ///
    /// - Throws: ``XGBoostFault`` with the library's message if the call failed.
    func check(_ status: Int32) throws(XGBoostFault) {
        guard status != 0 else { return }
        // The lines after the first one are a stack trace.
        let words = unsafe functions.last_error().map { unsafe String(cString: $0) }?.split(separator: "\n").first
        throw XGBoostFault(description: words.map(String.init) ?? "no reason given")
    }
}

/// The message of a failed libxgboost call.
struct XGBoostFault: Error, CustomStringConvertible {
    let description: String
}
