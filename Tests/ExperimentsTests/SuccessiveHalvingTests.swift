import Experiments
import Testing

@Suite("Successive halving")
struct SuccessiveHalvingTests {
    /// Returns a trial with the given values.
    static func trial(_ number: Int, _ values: [Double], of epochs: Int = 9, _ status: Trial.Status = .open) -> Trial {
        var trial = Trial(number: number, epochs: epochs)
        trial.values = values
        trial.status = status
        return trial
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let trials: [Trial]
        let promoted: Int?
    }

    static let rows = [
        Row(testDescription: "none of two trials", trials: [trial(1, [0.9]), trial(2, [0.1])], promoted: nil),
        Row(
            testDescription: "the best of three", trials: [trial(1, [0.2]), trial(2, [0.3]), trial(3, [0.1])],
            promoted: 2
        ),
        Row(
            testDescription: "the earlier of equals", trials: [trial(1, [0.2]), trial(2, [0.2]), trial(3, [0.1])],
            promoted: 1),
        Row(
            testDescription: "none if the best of three has already continued",
            trials: [trial(1, [0.2]), trial(2, [0.3, 0.3, 0.4]), trial(3, [0.1])], promoted: nil),
        Row(
            testDescription: "the second of six",
            trials: [trial(1, [0.2]), trial(2, [0.3, 0.3, 0.4])] + (3...6).map { trial($0, [0.1]) }, promoted: 1),
        Row(
            testDescription: "by the best epoch so far, not by the last one",
            trials: [trial(1, [0.9, 0.1, 0.1])] + (2...3).map { trial($0, [0.5, 0.5, 0.5]) }, promoted: 1),
        Row(
            testDescription: "by the value at the rung, not by later ones",
            trials: [trial(1, [0.5, 0.9, 0.9, 0.9]), trial(2, [0.6]), trial(3, [0.4])], promoted: 2),
        Row(
            testDescription: "the higher rung first",
            trials: (1...3).map { trial($0, [0.3, 0.3, 0.3]) } + (4...9).map { trial($0, [0.9]) },
            promoted: 1),
        Row(
            testDescription: "none if only two of three trials have not failed",
            trials: [trial(1, [0.9], .failed), trial(2, [0.3]), trial(3, [0.1])], promoted: nil),
        Row(
            testDescription: "none if the best of three is a finished trial",
            trials: [trial(1, [0.9], of: 1, .finished), trial(2, [0.3]), trial(3, [0.1])], promoted: nil),
    ]

    private static func trial(_ number: Int, _ values: [Double], _ status: Trial.Status) -> Trial {
        trial(number, values, of: 9, status)
    }

    @Test("With rungs at 1, 3 and 9 epochs, one in three trials is promoted", arguments: rows)
    func promotion(_ row: Row) throws {
        #expect(try SuccessiveHalving().promotion(among: row.trials)?.number == row.promoted)
    }

    struct Target: CustomTestStringConvertible, Sendable {
        let done: Int
        let epochs: Int
        let target: Int
        var testDescription: String { "\(done) of \(epochs) epochs" }
    }

    @Test(
        "A trial is next assessed at its next rung or at its end",
        arguments: [
            Target(done: 0, epochs: 10, target: 1), Target(done: 1, epochs: 10, target: 3),
            Target(done: 2, epochs: 10, target: 3), Target(done: 3, epochs: 10, target: 9),
            Target(done: 9, epochs: 10, target: 10), Target(done: 0, epochs: 1, target: 1),
            Target(done: 1, epochs: 3, target: 3),
        ])
    func targets(_ row: Target) throws {
        let trial = Self.trial(1, [Double](repeating: 0.5, count: row.done), of: row.epochs)
        #expect(try SuccessiveHalving().target(of: trial) == row.target)
    }

    @Test("Invalid rungs are refused", arguments: [(1, 1), (0, 1), (3, 0), (3, -1)])
    func nonsense(reduction: Int, firstRung: Int) {
        #expect(throws: ExperimentError.self) {
            _ = try SuccessiveHalving(reduction: reduction, firstRung: firstRung)
        }
    }
}
