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
        Row(testDescription: "one value stays", values: [0.04], corrected: [0.04]),
        Row(testDescription: "times 3, 2 and 1", values: [0.01, 0.02, 0.04], corrected: [0.03, 0.04, 0.04]),
        Row(testDescription: "in the order given", values: [0.04, 0.01, 0.02], corrected: [0.04, 0.03, 0.04]),
        Row(
            testDescription: "none is below the one before it", values: [0.01, 0.011, 0.9],
            corrected: [0.03, 0.03, 0.9]),
        Row(testDescription: "none is above 1", values: [0.6, 0.7], corrected: [1, 1]),
        Row(testDescription: "no values", values: [], corrected: []),
    ]

    @Test("By hand", arguments: rows)
    func byHand(_ row: Row) {
        let corrected = holmCorrected(row.values)
        #expect(corrected.count == row.corrected.count)
        for (found, expected) in zip(corrected, row.corrected) { #expect(abs(found - expected) < 1e-12) }
    }
}
