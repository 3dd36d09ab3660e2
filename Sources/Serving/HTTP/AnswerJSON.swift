public import JSON
public import Labelling
import Text

extension JSONWriter {
    /// Writes the members of a labelled abstract, as `/predict` answers them and `rubricator label --json` prints them.
    ///
    /// - Parameters:
    ///   - abstract: The abstract with its labels.
    ///   - labels: The names of the checkpoint's labels.
    public mutating func members(of abstract: LabelledAbstract, labels: [String]) {
        key("sentences")
        array(abstract.sentences) { $0.sentence($1, of: abstract, labels: labels) }
        key("sections")
        array(abstract.sections) { json, section in
            json.object { json in
                json.member("label", labels[section.label])
                json.member("start", section.range.lowerBound)
                json.member("end", section.range.upperBound)
                json.key("sentences")
                json.array([section.sentences.lowerBound, section.sentences.upperBound]) { $0.integer($1) }
            }
        }
        key("truncated")
        bool(abstract.truncated)
    }

    /// Writes a labelled text, as text-classification checkpoints answer it.
    public mutating func text(_ text: LabelledText, labels: [String]) {
        object { json in
            json.member("input", text.input)
            json.key("proba")
            json.scores(text.scores, labels: labels)
            json.key("labels_short")
            json.array(text.labels) { $0.string(labels[$1]) }
            if text.truncated {
                json.key("truncated")
                json.bool(true)
            }
        }
    }

    private mutating func sentence(
        _ sentence: LabelledAbstract.Sentence, of abstract: LabelledAbstract, labels: [String]
    ) {
        object { json in
            json.member("text", abstract.text.string(in: sentence.range))
            json.member("start", sentence.range.lowerBound)
            json.member("end", sentence.range.upperBound)
            json.member("label", labels[sentence.label])
            json.key("confidence")
            json.probability(sentence.confidence)
            json.key("scores")
            json.scores(sentence.scores, labels: labels)
            json.member("source", sentence.source.rawValue)
            if let heading = sentence.heading {
                json.member("heading", abstract.text.string(in: heading))
            }
            if sentence.truncated {
                json.key("truncated")
                json.bool(true)
            }
        }
    }

    private mutating func scores(_ scores: [Double], labels: [String]) {
        object { json in
            for (label, score) in zip(labels, scores) {
                json.key(label)
                json.probability(score)
            }
        }
    }
}
