/// Settings for the selection and weighting of terms: single words and pairs of adjacent words.
public struct TermSettings: Sendable, Codable, Equatable {
    /// The smallest number of training texts in which a term must occur: scikit-learn's `min_df`.
    public var leastTexts = 2
    /// The largest number of terms, keeping the most frequent: scikit-learn's `max_features`; `nil` for all.
    public var most: Int?
    /// Whether a term that occurs n times counts as 1 + ln n: scikit-learn's `sublinear_tf`.
    public var isSublinear = false

    /// Creates settings; by default every term counts that occurs in at least two texts.
    public init(leastTexts: Int = 2, most: Int? = nil, isSublinear: Bool = false) {
        self.leastTexts = leastTexts
        self.most = most
        self.isSublinear = isSublinear
    }
}
