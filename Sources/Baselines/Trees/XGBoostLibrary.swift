internal import CXGBoost
import Training

/// libxgboost, loaded when it is first needed.
///
/// Unsafe code of this module is here and in ``XGBoostMatrix`` and ``Booster``: the library's interface is pointers. They
/// hand it arrays for the time of a call only, and copy what it gives.
@safe package struct XGBoostLibrary {
    let functions: cx_library

    private static nonisolated(unsafe) let loaded = unsafe cx_load()

    /// Whether it is installed.
    package static var isInstalled: Bool { unsafe loaded != nil }

    /// The library.
    ///
    /// - Throws: `TrainingError.recipe` where it is not installed.
    init() throws(TrainingError) {
        guard let loaded = unsafe Self.loaded else {
            throw .recipe(
                "--model boosted-trees needs libxgboost 1.7 or newer, and libxgboost.so.0 is not installed. Install it (Debian: libxgboost0)."
            )
        }
        unsafe functions = loaded.pointee
    }

    /// Such as "1.7.4".
    var version: String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        unsafe functions.version(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    /// Whether a call succeeded.
    ///
    /// - Throws: ``XGBoostFault`` with the library's own words where it did not.
    func check(_ status: Int32) throws(XGBoostFault) {
        guard status != 0 else { return }
        // What follows the first line is a stack trace.
        let words = unsafe functions.last_error().map { unsafe String(cString: $0) }?.split(separator: "\n").first
        throw XGBoostFault(description: words.map(String.init) ?? "no reason given")
    }
}

/// What libxgboost says of a call that failed.
struct XGBoostFault: Error, CustomStringConvertible {
    let description: String
}
