import Text

/// The sentences of a table, grouped by abstract.
struct SentenceTable {
    private struct Row {
        let order: Int?
        let line: Int
        let sentence: TrainingAbstract.Sentence
    }

    private let labels: LabelNames
    private let file: String
    private var ids: [String] = []
    private var rows: [[Row]] = []
    private var places: [String: Int] = [:]

    init(labels: LabelNames, file: String) {
        self.labels = labels
        self.file = file
    }

    /// Adds a row whose cells are the text, the label, the abstract's id and, optionally, the position.
    mutating func add(_ row: CorpusRow) throws(CorpusError) {
        let text = try value(row, 0, "the sentence") ?? ""
        let label = try value(row, 1, "the label") ?? ""
        let id = (try value(row, 2, "the abstract's id") ?? "").trimmed
        guard !id.isEmpty else {
            throw CorpusError(
                file: file, line: row.line, "expected the id of the sentence's abstract, found nothing; fill it in.")
        }
        var order: Int?
        if let found = try value(row, 3, "the sentence's position") {
            guard let number = Int(found.trimmed) else {
                throw CorpusError(
                    file: file, line: row.line,
                    "expected the sentence's position in its abstract as a whole number, found \(found.excerpt); number the sentences, or choose another column with --order-column."
                )
            }
            order = number
        }
        let sentence = TrainingAbstract.Sentence(
            text: text, label: try labels.name(of: label, file: file, line: row.line))
        let abstract: Int
        if let place = places[id] {
            abstract = place
        } else {
            abstract = ids.count
            places[id] = abstract
            ids.append(id)
            rows.append([])
        }
        rows[abstract].append(Row(order: order, line: row.line, sentence: sentence))
    }

    /// Sorts the sentences of every abstract and adds the abstracts to `collection`.
    consuming func finish(into collection: inout CorpusCollection<TrainingAbstract>) throws(CorpusError) {
        for (id, unordered) in zip(ids, rows) {
            var rows = unordered
            if let missing = rows.first(where: { $0.order == nil }), rows.contains(where: { $0.order != nil }) {
                throw CorpusError(
                    file: file, line: missing.line,
                    "expected the sentence's position in its abstract, as in other sentences of \(id.excerpt), found none; fill it in."
                )
            }
            // Rows without positions compare equal here, so they stay in the order of their lines.
            rows.sort { ($0.order ?? 0, $0.line) < ($1.order ?? 0, $1.line) }
            for (row, next) in zip(rows, rows.dropFirst()) {
                guard let order = row.order, order == next.order else { continue }
                throw CorpusError(
                    file: file, line: next.line,
                    "the abstract \(id.excerpt) already has a sentence at position \(order), on line \(row.line); remove one of them, or give each abstract its own id."
                )
            }
            let line = rows.map(\.line).min() ?? 0
            try collection.add(TrainingAbstract(id: id, sentences: rows.map(\.sentence)), line: line)
        }
    }

    private func value(_ row: CorpusRow, _ column: Int, _ purpose: String) throws(CorpusError) -> String? {
        switch row.cells[column] {
        case nil: return nil
        case .one(let text): return text
        case .many:
            throw CorpusError(
                file: file, line: row.line, "expected one value for \(purpose), found a list; write one value.")
        }
    }
}
