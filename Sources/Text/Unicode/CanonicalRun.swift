/// A run of consecutive combining marks, put in canonical order (The Unicode Standard, section 3.11).
///
/// The order affects only the marks that accent stripping keeps. Offsets follow the alignments of Hugging Face's
/// tokenizers: the n-th mark of the ordered run gets the offset of the n-th mark in the text, and a mark inserted by a
/// decomposition shares the offset of the mark before it.
struct CanonicalRun {
    private struct Mark {
        var codePoint: UInt32
        var rank: UInt32
        var survives: Bool
        var isInserted: Bool
    }

    private var marks: [Mark] = []
    /// The offsets in the text of the marks that were not inserted.
    private var places: [Int] = []
    private var highestRank: UInt32 = 0

    /// Adds a mark from the text, or a mark `inserted` by the decomposition of the preceding code point.
    mutating func append(_ codePoint: UInt32, rule: CharacterRule, at place: Int, inserted: Bool = false) {
        let survives = rule.kind == .survivingMark
        marks.append(Mark(codePoint: codePoint, rank: rule.payload, survives: survives, isInserted: inserted))
        if !inserted { places.append(place) }
        highestRank = max(highestRank, rule.payload)
    }

    /// Calls `body` with each mark that accent stripping keeps, in canonical order, and its offset in the text.
    ///
    /// `start` is the offset of the starter whose decomposition inserted marks, if there is one.
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

    /// Returns the indices of `marks` sorted by rank; equal ranks keep their order. A counting sort takes linear time
    /// for any text.
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
