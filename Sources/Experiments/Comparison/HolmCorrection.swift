/// Corrects p-values for multiple comparisons, so that the probability of any false positive among them stays below the
/// chosen level (Holm 1979, "A Simple Sequentially Rejective Multiple Test Procedure").
///
/// The smallest of m values is multiplied by m, the next by m − 1, and so on. No corrected value is below that of a
/// smaller p-value, or above 1.
///
/// - Parameter values: The p-values in any order.
/// - Returns: The corrected p-values in the same order.
public func holmCorrected(_ values: [Double]) -> [Double] {
    var corrected = values
    var highest = 0.0
    for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
        highest = max(highest, min(1, Double(values.count - rank) * values[index]))
        corrected[index] = highest
    }
    return corrected
}
