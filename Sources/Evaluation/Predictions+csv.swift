import CSV
import Labelling

extension Predictions {
    /// The predictions as a CSV table (RFC 4180). Each row holds the id, the index of the sentence from 0 (empty for a
    /// text), the text, the true labels, the predicted labels and the probability of every label.
    ///
    /// Several labels of one text are separated by `|`.
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
