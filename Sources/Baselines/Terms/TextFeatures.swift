import Training

/// The row that a text is for a model of sparse features: its terms and, where that is asked for, its place in the abstract.
struct TextFeatures: Sendable {
    /// How a sentence's place is told.
    enum Position: Sendable, Equatable {
        case none
        /// By one of so many columns, each for an equal part of the abstract: what a linear model can weigh.
        case parts(Int)
        /// By one column from 0 to 1: what a tree can cut.
        case number
    }

    let vectorizer: TfidfVectorizer
    let position: Position

    /// The width of ``rows(of:)``.
    var columns: Int {
        switch position {
        case .none: vectorizer.terms.count
        case .parts(let count): vectorizer.terms.count + count
        case .number: vectorizer.terms.count + 1
        }
    }

    /// `[texts, columns]`; a text without a place has none of its columns.
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

    /// Which of so many equal parts a place from 0 to 1 lies in.
    static func part(of place: Double, count: Int) -> Int { min(count - 1, Int(place * Double(count))) }
}
