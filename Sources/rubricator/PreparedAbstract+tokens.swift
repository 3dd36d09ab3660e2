import Labelling

extension [PreparedAbstract] {
    /// The pieces of all windows.
    var tokens: Int { reduce(0) { $0 + $1.layout.windows.tokens } }
}
