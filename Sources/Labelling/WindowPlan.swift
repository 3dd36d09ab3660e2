/// The assignment of a text's sentences to windows.
struct WindowPlan {
    /// The sentences of each window, in the order of the text. There are as few windows as possible.
    private(set) var windows: [Range<Int>] = []
    private let ends: [Int]

    /// Distributes sentences over windows.
    ///
    /// - Parameters:
    ///   - ends: The number of tokens up to the end of each sentence, counting every `[SEP]`.
    ///   - capacity: The most tokens in a window without `[CLS]`. No sentence is longer.
    ///   - overlapping: Whether windows are filled up with sentences of their neighbours, so that fewer sentences are
    ///     close to a cut. Otherwise each window begins where the previous one ends.
    init(ends: [Int], capacity: Int, overlapping: Bool) {
        self.ends = ends
        let count = ends.count
        func start(_ sentence: Int) -> Int { sentence == 0 ? 0 : ends[sentence - 1] }
        /// Returns the index after the last sentence that fits in a window starting with `first`.
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
        // The earliest possible start of each window, found by filling windows from the end. If a window started
        // earlier, the last window could not reach the end of the text.
        var filledFromEnd: [Int] = []
        var end = count
        while end > 0 {
            var first = end - 1
            while first > 0, ends[end - 1] - start(first - 1) <= capacity { first -= 1 }
            filledFromEnd.append(first)
            end = first
        }
        for (window, earliest) in filledFromEnd.reversed().enumerated() {
            // Space the windows evenly, but leave no gap between neighbours.
            let place = (pieces - capacity) * window / (filledFromEnd.count - 1)
            var first = earliest
            while start(first) < place, first < windows.last?.upperBound ?? 0 { first += 1 }
            windows.append(first..<reach(first))
        }
    }

    /// Returns the range of a window's tokens among the tokens of all sentences.
    func pieces(_ window: Range<Int>) -> Range<Int> {
        (window.lowerBound == 0 ? 0 : ends[window.lowerBound - 1])..<ends[window.upperBound - 1]
    }
}
