import Console
import JSON
import Labelling
import Serving
import Text

/// The format in which labelled abstracts are printed.
struct LabelStyle {
    let labels: [String]
    let json: Bool
    let colour: Bool
    let namesFiles: Bool

    func bytes(_ abstract: LabelledAbstract, from input: InputAbstract) -> [UInt8] {
        if json { return jsonLine(abstract, from: input) }
        var text = colour && namesFiles ? "\(Colour.dim)\(input.place)\(Colour.plain)\n" : ""
        for sentence in abstract.sentences {
            text += colour ? coloured(sentence, of: abstract) : plain(sentence, of: abstract, from: input)
        }
        return Array((colour && namesFiles ? text + "\n" : text).utf8)
    }

    private func jsonLine(_ abstract: LabelledAbstract, from input: InputAbstract) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.key(input.id == nil ? "file" : "id")
            json.string(input.id ?? input.place)
            json.members(of: abstract, labels: labels)
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private func plain(
        _ sentence: LabelledAbstract.Sentence, of abstract: LabelledAbstract, from input: InputAbstract
    ) -> String {
        let columns = [labels[sentence.label], confidence(sentence), oneLine(sentence, of: abstract)]
        return ((namesFiles ? [input.place] : []) + columns).joined(separator: "\t") + "\n"
    }

    private func coloured(_ sentence: LabelledAbstract.Sentence, of abstract: LabelledAbstract) -> String {
        let column = (labels.map(\.count).max() ?? 0) + 1
        let label = labels[sentence.label]
        let indent = column + 6
        var lines: [String] = [""]
        for word in oneLine(sentence, of: abstract).split(separator: " ") {
            if lines[lines.count - 1].count + word.count + 1 > max(20, Terminal.width(.output) - indent - 1) {
                lines.append("")
            }
            lines[lines.count - 1] += lines[lines.count - 1].isEmpty ? word : " \(word)"
        }
        let body = lines.joined(separator: "\n" + String(repeating: " ", count: indent))
        let paint = Colour.role(sentence.label)
        let padding = String(repeating: " ", count: column - label.count)
        return
            "\(paint)\(label)\(Colour.plain)\(padding)\(Colour.dim)\(confidence(sentence))\(Colour.plain)  \(paint)\(body)\(Colour.plain)\n"
    }

    private func confidence(_ sentence: LabelledAbstract.Sentence) -> String {
        let hundredths = Int((sentence.confidence * 100).rounded())
        return hundredths >= 100 ? "1.00" : "0." + (hundredths < 10 ? "0" : "") + String(hundredths)
    }

    private func oneLine(_ sentence: LabelledAbstract.Sentence, of abstract: LabelledAbstract) -> String {
        String(abstract.text.string(in: sentence.range).map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}
