import Experiments
import Testing

@Suite("Holm's correction")
struct HolmCorrectionTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let values: [Double]
        let corrected: [Double]
    }

    static let rows = [
        Row(testDescription: "a single value is unchanged", values: [0.04], corrected: [0.04]),
        Row(testDescription: "factors of 3, 2 and 1", values: [0.01, 0.02, 0.04], corrected: [0.03, 0.04, 0.04]),
        Row(testDescription: "the order is kept", values: [0.04, 0.01, 0.02], corrected: [0.04, 0.03, 0.04]),
        Row(
            testDescription: "no value is below that of a smaller p-value", values: [0.01, 0.011, 0.9],
            corrected: [0.03, 0.03, 0.9]),
        Row(testDescription: "no value is above 1", values: [0.6, 0.7], corrected: [1, 1]),
        Row(testDescription: "no values", values: [], corrected: []),
    ]

    @Test("Corrected values match a manual computation", arguments: rows)
    func byHand(_ row: Row) {
        let corrected = holmCorrected(row.values)
        #expect(corrected.count == row.corrected.count)
        for (found, expected) in zip(corrected, row.corrected) { #expect(abs(found - expected) < 1e-12) }
    }
}
