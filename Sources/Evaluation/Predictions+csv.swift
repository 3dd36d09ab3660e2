import CSV
import Labelling

extension Predictions {
    /// A table (RFC 4180): a row for each prediction with its id, its sentence's place from 0 (empty for a text), the text, the
    /// true and the predicted labels, and the probability of every label.
    ///
    /// Several labels of one text lie between `|`.
    public var csv: [UInt8] {
        var writer = CSVWriter()
        func names(_ places: [Int]) -> String { places.map { labels[$0] }.joined(separator: "|") }
        writer.record(["id", "sentence", "text", "label", "predicted"] + labels.map { "p_\($0)" })
        for item in items {
            writer.record(
                [item.id, item.sentence.map { "\($0)" } ?? "", item.text, names(item.truth), names(item.given)]
                    + item.probabilities.map { "\(Float($0))" })
        }
        return writer.bytes
    }
}
