/// Which terms, single words and pairs of neighbours, a text is told by.
public struct TermSettings: Sendable, Codable, Equatable {
    /// The fewest training texts a term must occur in: scikit-learn's `min_df`.
    public var leastTexts = 2
    /// The most terms, those that occur most often: scikit-learn's `max_features`; `nil` for all.
    public var most: Int?
    /// Whether a term that occurs n times counts as 1 + ln n: scikit-learn's `sublinear_tf`.
    public var isSublinear = false

    /// Every term of at least two texts.
    public init(leastTexts: Int = 2, most: Int? = nil, isSublinear: Bool = false) {
        self.leastTexts = leastTexts
        self.most = most
        self.isSublinear = isSublinear
    }
}
