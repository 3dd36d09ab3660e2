import Glibc

/// The difference between a checkpoint's current inputs and labels and those of a reference profile.
public struct Drift: Sendable, Equatable {
    /// The distributions that are compared.
    public enum Distribution: String, Sendable, CaseIterable {
        case labels
        case sentencesPerAbstract = "sentences_per_abstract"
        case piecesPerSentence = "pieces_per_sentence"
        case confidence
    }

    /// The population stability index of each distribution. Up to 0.1 means almost no change, above 0.25 a large one.
    public let stabilityIndices: [Distribution: Double]
    /// The current share of each label minus its reference share, `[labels]`.
    public let shareDifferences: [Double]

    /// Compares two profiles.
    ///
    /// - Parameters:
    ///   - reference: The profile of the earlier data.
    ///   - current: The profile of the current data.
    public init(from reference: LabellingProfile, to current: LabellingProfile) {
        stabilityIndices = Distribution.allCases.reduce(into: [:]) { indices, distribution in
            indices[distribution] = populationStabilityIndex(
                reference.counts(of: distribution), current.counts(of: distribution))
        }
        let (was, now) = (shares(reference.labels, smoothing: 0), shares(current.labels, smoothing: 0))
        shareDifferences = zip(was, now).map { $1 - $0 }
    }
}

extension LabellingProfile {
    fileprivate func counts(of distribution: Drift.Distribution) -> [Int] {
        switch distribution {
        case .labels: labels
        case .sentencesPerAbstract: sentencesPerAbstract.counts
        case .piecesPerSentence: piecesPerSentence.counts
        case .confidence: confidence.counts
        }
    }
}

/// Returns the population stability index of two samples (Siddiqi, Credit Risk Scorecards, 2006).
///
/// The index is Σ (q − p) ln(q / p) over the shares p and q of each range. Half a case is added to each range, so that
/// an empty range does not make the index infinite.
///
/// - Parameters:
///   - reference: The number of cases in each range.
///   - current: The number of cases in each of the same ranges.
/// - Returns: The index, 0 if the shares are equal. Exchanging the two samples does not change it.
public func populationStabilityIndex(_ reference: [Int], _ current: [Int]) -> Double {
    zip(shares(reference, smoothing: 0.5), shares(current, smoothing: 0.5)).reduce(0) { sum, pair in
        sum + (pair.1 - pair.0) * log(pair.1 / pair.0)
    }
}

private func shares(_ counts: [Int], smoothing: Double) -> [Double] {
    let all = Double(counts.reduce(0, +)) + smoothing * Double(counts.count)
    return counts.map { all == 0 ? 0 : (Double($0) + smoothing) / all }
}
