internal import CXGBoost

/// An ensemble of trees in libxgboost.
@safe final class Booster {
    private let handle: cx_handle
    private let library: XGBoostLibrary

    /// Creates an ensemble without trees.
    ///
    /// - Parameters:
    ///   - matrices: The matrices whose predictions libxgboost caches between rounds.
    ///   - parameters: The parameters, by xgboost's names.
    ///   - library: The loaded library.
    /// - Throws: ``XGBoostFault`` if libxgboost does not accept a parameter.
    init(
        keeping matrices: [XGBoostMatrix] = [], parameters: [(name: String, value: String)] = [],
        library: XGBoostLibrary
    ) throws(XGBoostFault) {
        // Errors are thrown and progress is reported by the caller, so libxgboost need not log.
        try library.check(unsafe library.functions.configure("{\"verbosity\": 0}"))
        var made: cx_handle?
        let handles = unsafe matrices.map { unsafe Optional($0.handle) }
        let status = unsafe handles.withUnsafeBufferPointer { handles in
            unsafe library.functions.booster_create(handles.baseAddress, UInt64(handles.count), &made)
        }
        try library.check(status)
        guard let made = unsafe made else { throw XGBoostFault(description: "no booster was created") }
        unsafe handle = made
        self.library = library
        for (name, value) in parameters { try set(name, value) }
    }

    /// Loads a saved ensemble.
    convenience init(saved bytes: [UInt8], library: XGBoostLibrary) throws(XGBoostFault) {
        try self.init(library: library)
        let status = unsafe bytes.withUnsafeBytes { bytes in
            unsafe library.functions.booster_load(handle, bytes.baseAddress, UInt64(bytes.count))
        }
        try library.check(status)
    }

    private init(taking handle: cx_handle, library: XGBoostLibrary) {
        unsafe self.handle = unsafe handle
        self.library = library
    }

    deinit {
        _ = unsafe library.functions.booster_free(handle)
    }

    func set(_ name: String, _ value: String) throws(XGBoostFault) {
        try library.check(unsafe library.functions.booster_set(handle, name, value))
    }

    /// Grows the trees of one round.
    func grow(round: Int, on matrix: XGBoostMatrix) throws(XGBoostFault) {
        try library.check(unsafe library.functions.booster_update(handle, Int32(round), matrix.handle))
    }

    /// Returns the evaluation metric on a matrix.
    func metric(round: Int, on matrix: XGBoostMatrix) throws(XGBoostFault) -> Double {
        var result: UnsafePointer<CChar>?
        var matrices = unsafe [Optional(matrix.handle)]
        let status = unsafe "on".withCString { name in
            var names = unsafe [Optional(name)]
            return unsafe library.functions.booster_evaluate(handle, Int32(round), &matrices, &names, 1, &result)
        }
        try library.check(status)
        // The result looks like "[3]\ton-mlogloss:0.73".
        let words = unsafe result.map { unsafe String(cString: $0) } ?? ""
        guard let value = words.split(separator: ":").last.flatMap({ Double($0) }) else {
            throw XGBoostFault(description: "expected a metric, found \"\(words)\"")
        }
        return value
    }

    /// Returns the ensemble of the first rounds.
    func first(rounds: Int) throws(XGBoostFault) -> Booster {
        var slice: cx_handle?
        try library.check(unsafe library.functions.booster_slice(handle, 0, Int32(rounds), 1, &slice))
        guard let slice = unsafe slice else { throw XGBoostFault(description: "no slice was created") }
        return unsafe Booster(taking: slice, library: library)
    }

    /// Returns the number of columns of the matrix on which the ensemble was trained.
    func columns() throws(XGBoostFault) -> Int {
        var columns: UInt64 = 0
        try library.check(unsafe library.functions.booster_columns(handle, &columns))
        return Int(columns)
    }

    /// Returns the predictions for all rows, `[rows, width]` in row-major order.
    func predictions(of matrix: XGBoostMatrix, width: Int) throws(XGBoostFault) -> [Float] {
        var shape: UnsafePointer<UInt64>?
        var dimensions: UInt64 = 0
        var result: UnsafePointer<Float>?
        let status = unsafe library.functions.booster_predict(
            handle, matrix.handle,
            "{\"type\": 0, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, \"strict_shape\": true}",
            &shape, &dimensions, &result)
        try library.check(status)
        let sizes = unsafe Array(UnsafeBufferPointer(start: shape, count: Int(dimensions)))
        guard sizes == [UInt64(matrix.count), UInt64(width)] else {
            throw XGBoostFault(description: "expected predictions of shape \([matrix.count, width]), found \(sizes)")
        }
        return unsafe Array(UnsafeBufferPointer(start: result, count: matrix.count * width))
    }

    /// Returns the ensemble in xgboost's file format, universal binary JSON.
    func saved() throws(XGBoostFault) -> [UInt8] {
        var count: UInt64 = 0
        var bytes: UnsafePointer<CChar>?
        try library.check(unsafe library.functions.booster_save(handle, "{\"format\": \"ubj\"}", &count, &bytes))
        return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
}
