internal import CXGBoost

/// A matrix in libxgboost.
@safe final class XGBoostMatrix {
    let handle: cx_handle
    let count: Int
    private let library: XGBoostLibrary

    /// Creates a matrix from sparse rows, which are copied; absent values count as missing, not as zero.
    init(_ rows: SparseRows, threads: Int, library: XGBoostLibrary) throws(XGBoostFault) {
        var made: cx_handle?
        let status = unsafe rows.starts.withUnsafeBytes { starts in
            unsafe rows.places.withUnsafeBytes { places in
                unsafe rows.values.withUnsafeBytes { values in
                    unsafe library.functions.matrix_of_rows(
                        Self.interface(starts, count: rows.count + 1, type: "<i8"),
                        Self.interface(places, count: rows.places.count, type: "<i4"),
                        Self.interface(values, count: rows.values.count, type: "<f4"), UInt64(rows.columns),
                        "{\"missing\": NaN, \"nthread\": \(threads)}", &made)
                }
            }
        }
        try library.check(status)
        guard let made = unsafe made else { throw XGBoostFault(description: "no matrix was created") }
        unsafe handle = made
        count = rows.count
        self.library = library
    }

    deinit {
        _ = unsafe library.functions.matrix_free(handle)
    }

    /// Sets the training target of each row.
    func set(targets: [Float]) throws(XGBoostFault) {
        let status = unsafe targets.withUnsafeBytes { targets in
            unsafe library.functions.matrix_set(
                handle, "label", Self.interface(targets, count: count, type: "<f4"))
        }
        try library.check(status)
    }

    /// Describes an array as JSON in the form of numpy's `__array_interface__`. An empty array may have no base address; it
    /// gets a dummy address because libxgboost does not accept a null pointer.
    private static func interface(_ bytes: UnsafeRawBufferPointer, count: Int, type: String) -> String {
        let address = unsafe bytes.baseAddress.map { UInt(bitPattern: $0) } ?? 8
        return "{\"data\": [\(address), true], \"shape\": [\(count)], \"typestr\": \"\(type)\", \"version\": 3}"
    }
}
