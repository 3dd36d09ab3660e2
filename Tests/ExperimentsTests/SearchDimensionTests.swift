import Experiments
import Testing

@Suite("Search dimensions")
struct SearchDimensionTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let text: String
        let values: [String]
        var testDescription: String { text }
    }

    static let rows = [
        Row(text: "warm-up=0..1", values: ["0.0", "0.5", "0.75"]),
        Row(text: "--learning-rate=log:1e-5..1e-3", values: ["1e-05", "0.0001", "0.0003162"]),
        Row(text: "epochs=1..4", values: ["1", "3", "4"]),
        Row(text: "tokens-per-batch=log:1000..8000", values: ["1000", "2828", "4756"]),
        Row(text: "head-dropout=choice:0,0.1,0.2", values: ["0", "0.1", "0.2"]),
        Row(text: "epochs=choice:0.5,1", values: ["0.5", "1", "1"]),
        Row(text: "downsample", values: ["false", "true", "true"]),
        Row(text: "storage", values: ["f16", "f32", "f32"]),
    ]

    @Test("Values at 0, 1/2 and 3/4 of a range are as expected", arguments: rows)
    func values(_ row: Row) throws {
        let dimension = try SearchDimension(row.text)
        #expect([0, 0.5, 0.75].map { dimension.value(at: $0) } == row.values)
        for value in row.values {
            #expect(dimension.coordinates(of: value).allSatisfy { (-1e-9...1 + 1e-9).contains($0) })
        }
    }

    @Test("A value outside the range has the position of the lower end")
    func foreignValue() throws {
        for value in ["-3", "nan", "1e300", ""] {
            #expect(try SearchDimension("epochs=log:1..4").coordinates(of: value) == [0])
        }
    }

    @Test("All whole numbers of a range are equally likely")
    func wholeNumbers() throws {
        let dimension = try SearchDimension("epochs=1..4")
        let counts = (0..<400).reduce(into: [String: Int]()) {
            $0[dimension.value(at: Double($1) / 400), default: 0] += 1
        }
        #expect(counts.keys.sorted() == ["1", "2", "3", "4"])
        #expect(counts.values.allSatisfy { (99...101).contains($0) })
    }

    struct BadRow: CustomTestStringConvertible, Sendable {
        let text: String
        let named: String
        var testDescription: String { "\"\(text)\": \(named)" }
    }

    static let badRows = [
        BadRow(
            text: "learning-rat=0..1",
            named: "--learning-rat cannot be searched; the searchable settings are --learning-rate"),
        BadRow(text: "task=choice:sentence,text", named: "--task cannot be searched"),
        BadRow(text: "seed=1..9", named: "--seed cannot be searched"),
        BadRow(text: "best-by", named: "--best-by cannot be searched"),
        BadRow(text: "learning-rate", named: "expected values"),
        BadRow(text: "learning-rate=", named: "expected LOWEST..HIGHEST"),
        BadRow(text: "learning-rate=0.1", named: "expected LOWEST..HIGHEST"),
        BadRow(text: "learning-rate=a..b", named: "expected LOWEST..HIGHEST"),
        BadRow(text: "learning-rate=1e-5..inf", named: "expected LOWEST..HIGHEST"),
        BadRow(text: "learning-rate=3e-4..1e-5", named: "3e-4 is not below 1e-5"),
        BadRow(text: "weight-decay=log:0..0.1", named: "must begin above 0; found 0"),
        BadRow(text: "epochs=0.5..2", named: "whole numbers"),
        BadRow(text: "downsample=0..1", named: "expected \"choice:\""),
        BadRow(text: "head-dropout=choice:0", named: "two or more different values"),
        BadRow(text: "head-dropout=choice:0,0", named: "two or more different values"),
        BadRow(text: "head-dropout=choice:0,little", named: "--head-dropout is \"little\"; expected a number"),
        BadRow(text: "", named: "-- cannot be searched"),
    ]

    @Test("An invalid range is reported with the reason", arguments: badRows)
    func badRanges(_ row: BadRow) {
        let error = #expect(throws: ExperimentError.self) { _ = try SearchDimension(row.text) }
        let sentence = error?.description ?? ""
        #expect(sentence.hasPrefix("--search \"\(row.text)\": ") && sentence.contains(row.named), "\(sentence)")
    }

    @Test("A space needs at least one setting and no duplicates")
    func spaces() {
        #expect(throws: ExperimentError.self) { _ = try SearchSpace([String]()) }
        #expect(throws: ExperimentError.self) {
            _ = try SearchSpace(["epochs=1..2", "--epochs=1..3"])
        }
    }
}
