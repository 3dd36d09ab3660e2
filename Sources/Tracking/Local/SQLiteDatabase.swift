import CSQLite
import MLflow

/// A connection to an SQLite database file.
///
/// Only one thread at a time may use it; its owner is an actor. The class is `@safe` because the connection is private,
/// is closed together with its owner, and outlives every statement prepared on it.
@safe
final class SQLiteDatabase {
    /// A value of a column.
    enum Value: Equatable {
        case null
        case integer(Int)
        case real(Double)
        case text(String)
    }

    private let path: String
    private let connection: OpaquePointer?
    /// The number of milliseconds to wait for other writers, the same as in MLflow.
    private static let patience: Int32 = 20_000

    /// Opens or creates a database file.
    init(path: String) throws(MLflowError) {
        self.path = path
        var connection: OpaquePointer?
        let code = unsafe sqlite3_open_v2(
            path, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nil)
        unsafe self.connection = connection
        guard code == SQLITE_OK else { throw failure() }
        unsafe sqlite3_busy_timeout(connection, Self.patience)
        try execute("PRAGMA foreign_keys = ON")
    }

    deinit { unsafe sqlite3_close_v2(connection) }

    /// Runs statements without parameters.
    func execute(_ statements: String) throws(MLflowError) {
        guard unsafe sqlite3_exec(connection, statements, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    /// Runs one statement, with values for its `?` parameters.
    ///
    /// - Returns: The rows of the result.
    @discardableResult
    func run(_ statement: String, _ values: [Value] = []) throws(MLflowError) -> [[Value]] {
        var prepared: OpaquePointer?
        guard unsafe sqlite3_prepare_v2(connection, statement, -1, &prepared, nil) == SQLITE_OK else { throw failure() }
        defer { unsafe sqlite3_finalize(prepared) }
        for (index, value) in values.enumerated() {
            guard unsafe bind(value, at: Int32(index + 1), of: prepared) == SQLITE_OK else { throw failure() }
        }
        var rows: [[Value]] = []
        while true {
            switch unsafe sqlite3_step(prepared) {
            case SQLITE_ROW: rows.append(unsafe row(prepared))
            case SQLITE_DONE: return rows
            default: throw failure()
            }
        }
    }

    /// Runs `work` in a transaction, which either takes effect completely or not at all.
    func transaction<Result>(_ work: () throws(MLflowError) -> Result) throws(MLflowError) -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try work()
            try execute("COMMIT")
            return result
        } catch {
            try? execute("ROLLBACK")
            throw error
        }
    }

    private func bind(_ value: Value, at index: Int32, of statement: OpaquePointer?) -> Int32 {
        switch value {
        case .null: return unsafe sqlite3_bind_null(statement, index)
        case .integer(let integer): return unsafe sqlite3_bind_int64(statement, index, Int64(integer))
        case .real(let real): return unsafe sqlite3_bind_double(statement, index, real)
        case .text(let text):
            // SQLITE_TRANSIENT means that SQLite copies the bytes before the call returns.
            let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            return unsafe sqlite3_bind_text(statement, index, text, Int32(text.utf8.count), copied)
        }
    }

    private func row(_ statement: OpaquePointer?) -> [Value] {
        (0..<(unsafe sqlite3_column_count(statement))).map { column in
            switch unsafe sqlite3_column_type(statement, column) {
            case SQLITE_INTEGER: .integer(Int(unsafe sqlite3_column_int64(statement, column)))
            case SQLITE_FLOAT: .real(unsafe sqlite3_column_double(statement, column))
            case SQLITE_TEXT:
                .text(unsafe sqlite3_column_text(statement, column).map { unsafe String(cString: $0) } ?? "")
            default: .null
            }
        }
    }

    private func failure() -> MLflowError {
        let code = unsafe sqlite3_errcode(connection)
        let reason = unsafe String(cString: sqlite3_errmsg(connection))
        // Another program is writing at the moment, so a retry can succeed.
        return [SQLITE_BUSY, SQLITE_LOCKED].contains(code)
            ? .unreachable(request: path, reason: reason) : .file(path: path, reason: reason)
    }
}

extension SQLiteDatabase.Value {
    var string: String { if case .text(let text) = self { text } else { "" } }
    var int: Int { if case .integer(let integer) = self { integer } else { 0 } }
    var double: Double {
        switch self {
        case .real(let real): real
        case .integer(let integer): Double(integer)
        case .null, .text: 0
        }
    }
}
