/// How one epoch reads one abstract or text.
package struct Reading: Sendable, Equatable {
    /// The item's place in the training set.
    package let item: Int
    /// Which of the item's readings in the same epoch this is, from 0.
    package let copy: Int
    /// Whether its numbers are read as `@`.
    package let masksNumbers: Bool
    /// The sentences that are kept, in order; `nil` for all of them.
    package let sentences: [Int]?

    package init(item: Int, copy: Int = 0, masksNumbers: Bool, sentences: [Int]?) {
        self.item = item
        self.copy = copy
        self.masksNumbers = masksNumbers
        self.sentences = sentences
    }
}
