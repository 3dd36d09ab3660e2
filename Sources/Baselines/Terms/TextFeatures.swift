import Corpora

/// Converts texts to rows of sparse features: their terms and, optionally, their position in the abstract.
struct TextFeatures: Sendable {
    /// The representation of a sentence's position.
    enum Position: Sendable, Equatable {
        case none
        /// One column for each of a number of equal parts of the abstract, for linear models.
        case parts(Int)
        /// One column with a number from 0 to 1, for trees.
        case number
    }

    let vectorizer: TfidfVectorizer
    let position: Position

    /// Number of columns of ``rows(of:)``.
    var columns: Int {
        switch position {
        case .none: vectorizer.terms.count
        case .parts(let count): vectorizer.terms.count + count
        case .number: vectorizer.terms.count + 1
        }
    }

    /// Returns the features of texts, `[texts, columns]`; the position columns of a text without a position are empty.
    func rows(of texts: some Sequence<TrainingText>) -> SparseRows {
        var rows = SparseRows(columns: columns)
        var found: [Int32] = []
        for text in texts {
            vectorizer.append(text.text, to: &rows, &found)
            if let place = text.position {
                switch position {
                case .none: break
                case .parts(let count):
                    rows.append(1, at: vectorizer.terms.count + Self.part(of: place, count: count))
                case .number: rows.append(Float(place), at: vectorizer.terms.count)
                }
            }
            rows.endRow()
        }
        return rows
    }

    /// Returns the index of the part, of `count` equal parts, that contains a position from 0 to 1.
    static func part(of place: Double, count: Int) -> Int { min(count - 1, Int(place * Double(count))) }
}
