/// Which sentences of a text stand in which window.
struct WindowPlan {
    /// Each window's sentences, in the text's order: as few windows as hold them all.
    private(set) var windows: [Range<Int>] = []
    private let ends: [Int]

    /// - Parameters:
    ///   - ends: Where each sentence ends among the pieces of all, its `[SEP]` included.
    ///   - capacity: The most pieces of a window, `[CLS]` apart; no sentence is longer.
    ///   - overlapping: Whether windows are filled with what stands in their neighbours too, so that fewer sentences stand
    ///     close to a cut; otherwise a window begins where the one before it ends.
    init(ends: [Int], capacity: Int, overlapping: Bool) {
        self.ends = ends
        let count = ends.count
        func start(_ sentence: Int) -> Int { sentence == 0 ? 0 : ends[sentence - 1] }
        /// The sentence after the last that fits with this one.
        func reach(_ first: Int) -> Int {
            var end = first + 1
            while end < count, ends[end] - start(first) <= capacity { end += 1 }
            return end
        }
        guard overlapping, let pieces = ends.last, pieces > capacity else {
            while (windows.last?.upperBound ?? 0) < count {
                let first = windows.last?.upperBound ?? 0
                windows.append(first..<reach(first))
            }
            return
        }
        // Where the windows would begin if they were filled from the end: any earlier, and the last would not reach it.
        var filledFromEnd: [Int] = []
        var end = count
        while end > 0 {
            var first = end - 1
            while first > 0, ends[end - 1] - start(first - 1) <= capacity { first -= 1 }
            filledFromEnd.append(first)
            end = first
        }
        for (window, earliest) in filledFromEnd.reversed().enumerated() {
            // Evenly spaced, but without a gap.
            let place = (pieces - capacity) * window / (filledFromEnd.count - 1)
            var first = earliest
            while start(first) < place, first < windows.last?.upperBound ?? 0 { first += 1 }
            windows.append(first..<reach(first))
        }
    }

    /// The pieces of a window's sentences among those of all.
    func pieces(_ window: Range<Int>) -> Range<Int> {
        (window.lowerBound == 0 ? 0 : ends[window.lowerBound - 1])..<ends[window.upperBound - 1]
    }
}
