import CSQLite

/// Returns the rows of a query to a folder's `mlflow.db`, each with its columns separated by commas.
func databaseRows(_ query: String, in folder: String) -> [String] {
    var connection: OpaquePointer?
    var statement: OpaquePointer?
    guard unsafe sqlite3_open("\(folder)/mlflow.db", &connection) == SQLITE_OK,
        unsafe sqlite3_prepare_v2(connection, query, -1, &statement, nil) == SQLITE_OK
    else { return ["\(unsafe String(cString: sqlite3_errmsg(connection)))"] }
    defer {
        unsafe sqlite3_finalize(statement)
        unsafe sqlite3_close(connection)
    }
    var rows: [String] = []
    while unsafe sqlite3_step(statement) == SQLITE_ROW {
        rows.append(
            (0..<(unsafe sqlite3_column_count(statement))).map { column in
                unsafe sqlite3_column_text(statement, column).map { unsafe String(cString: $0) } ?? "NULL"
            }.joined(separator: ","))
    }
    return rows
}
