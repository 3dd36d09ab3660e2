/// The form in which one epoch reads an abstract or text.
package struct Reading: Sendable, Equatable {
    /// The index of the item in the training set.
    package let item: Int
    /// The index of this reading among the item's readings in the same epoch, from 0.
    package let copy: Int
    /// Whether numbers are masked.
    package let masksNumbers: Bool
    /// The indices of the kept sentences, ascending; `nil` for all sentences.
    package let sentences: [Int]?

    package init(item: Int, copy: Int = 0, masksNumbers: Bool, sentences: [Int]?) {
        self.item = item
        self.copy = copy
        self.masksNumbers = masksNumbers
        self.sentences = sentences
    }
}
