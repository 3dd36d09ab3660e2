/// Corrects the p-values of several comparisons so that the chance of any false finding among them stays below the level they
/// are read at (Holm 1979, "A Simple Sequentially Rejective Multiple Test Procedure").
///
/// The smallest of m is multiplied by m, the next by m − 1, and so on; none may be below one before it, or above 1.
///
/// - Parameter values: p-values in any order.
/// - Returns: The corrected ones, in the same order.
public func holmCorrected(_ values: [Double]) -> [Double] {
    var corrected = values
    var highest = 0.0
    for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
        highest = max(highest, min(1, Double(values.count - rank) * values[index]))
        corrected[index] = highest
    }
    return corrected
}
