/// Marks that follow one another, put in canonical order (The Unicode Standard, section 3.11).
///
/// The order shows only where stripping leaves a mark. Offsets follow HF's alignments, in which the n-th mark of the
/// ordered run takes the place of the n-th in the text, and marks that a decomposition inserted share the place before.
struct CanonicalRun {
    private struct Mark {
        var codePoint: UInt32
        var rank: UInt32
        var survives: Bool
        var isInserted: Bool
    }

    private var marks: [Mark] = []
    /// Where the marks that were not inserted stood in the text.
    private var places: [Int] = []
    private var highestRank: UInt32 = 0

    /// Adds a mark of the text, or one that the decomposition of the code point before has `inserted`.
    mutating func append(_ codePoint: UInt32, rule: CharacterRule, at place: Int, inserted: Bool = false) {
        let survives = rule.kind == .survivingMark
        marks.append(Mark(codePoint: codePoint, rank: rule.payload, survives: survives, isInserted: inserted))
        if !inserted { places.append(place) }
        highestRank = max(highestRank, rule.payload)
    }

    /// Calls `body` with every mark that survives, in canonical order, and its place in the text.
    ///
    /// `start` is the place of the starter whose decomposition inserted marks, where one did.
    func forEachSurvivor(after start: Int, _ body: (UInt32, Int) -> Void) {
        var place = start
        var taken = 0
        for index in canonicalOrder() {
            if !marks[index].isInserted {
                place = places[taken]
                taken += 1
            }
            if marks[index].survives { body(marks[index].codePoint, place) }
        }
    }

    /// The indices of `marks` by rank, equal ranks as they stood: a counting sort, linear for any text.
    private func canonicalOrder() -> [Int] {
        var next = Array(repeating: 0, count: Int(highestRank) + 2)
        for mark in marks { next[Int(mark.rank) + 1] += 1 }
        for rank in next.indices.dropFirst() { next[rank] += next[rank - 1] }
        var order = Array(repeating: 0, count: marks.count)
        for (index, mark) in marks.enumerated() {
            order[next[Int(mark.rank)]] = index
            next[Int(mark.rank)] += 1
        }
        return order
    }
}
