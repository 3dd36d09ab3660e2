import Experiments
import Testing

@Suite("Variants")
struct VariantTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let line: String
        let named: String
        var testDescription: String { "\"\(line)\": \(named)" }
    }

    @Test("Names and settings are parsed as on a command line")
    func reading() throws {
        let variants = try Variant.read(
            lines:
                "# variants to compare\nbaseline:\n\n  downsampled: --downsample --epochs=2\t--learning-rate 1e-4\r\nplain\n",
            name: "variants.txt")
        #expect(
            variants == [
                Variant(name: "baseline"),
                Variant(
                    name: "downsampled",
                    settings: [
                        Setting(option: "--downsample", value: "true"), Setting(option: "--epochs", value: "2"),
                        Setting(option: "--learning-rate", value: "1e-4"),
                    ]), Variant(name: "plain"),
            ])
        #expect(
            try Variant(line: "words: --position-feature --model=tfidf-sgd --l2 1e-6", place: "")
                == Variant(
                    name: "words", model: "tfidf-sgd",
                    settings: [
                        Setting(option: "--position-feature", value: "true"), Setting(option: "--l2", value: "1e-6"),
                    ]))
        #expect(
            try Variant(line: "deep: --model bert --epochs 2", place: "")
                == Variant(name: "deep", settings: [Setting(option: "--epochs", value: "2")]))
        let off = Setting(option: "--downsample", value: "false")
        #expect(([off] + variants[1].settings.dropFirst()).words == "--epochs 2 --learning-rate 1e-4")
        #expect(variants[1].settings.words == "--downsample --epochs 2 --learning-rate 1e-4")
    }

    static let rows = [
        Row(line: ": --downsample", named: "is not a valid name"),
        Row(line: "a/b: --downsample", named: "is not a valid name"),
        Row(line: "..: --downsample", named: "is not a valid name"),
        Row(line: "two words:", named: "is not a valid name"),
        Row(line: "x: --epocs 2", named: "--epocs is not a setting of the recipe; the settings are --task"),
        Row(line: "x: epochs 2", named: "epochs is not a setting"),
        Row(line: "x: --epochs", named: "--epochs has no value"),
        Row(line: "x: --epochs two", named: "--epochs is \"two\"; expected a number"),
        Row(line: "x: --seed 1.5", named: "expected a whole number"),
        Row(line: "x: --downsample=maybe", named: "expected true or false"),
        Row(line: "x: --storage f64", named: "expected one of f16, f32"),
        Row(line: "x: --model bert --epocs 2", named: "--epocs is not a setting of the recipe"),
        Row(line: "x: --epochs 1 --epochs 2", named: "--epochs is given twice"),
    ]

    @Test("An invalid line is reported with its number and the reason", arguments: rows)
    func badLines(_ row: Row) {
        let error = #expect(throws: ExperimentError.self) {
            _ = try Variant.read(lines: "baseline:\n\(row.line)\n", name: "variants.txt")
        }
        let sentence = error?.description ?? ""
        #expect(sentence.hasPrefix("variants.txt, line 2") && sentence.contains(row.named), "\(sentence)")
    }
}
