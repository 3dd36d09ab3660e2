import Glibc

/// How far what a checkpoint is given now is from what it was measured on.
public struct Drift: Sendable, Equatable {
    /// What is compared.
    public enum Distribution: String, Sendable, CaseIterable {
        case labels
        case sentencesPerAbstract = "sentences_per_abstract"
        case piecesPerSentence = "pieces_per_sentence"
        case confidence
    }

    /// The population stability index of each distribution: up to 0.1 is next to no change, above 0.25 is a large one.
    public let stabilityIndices: [Distribution: Double]
    /// The share of each label now less what it was, `[labels]`.
    public let shareDifferences: [Double]

    /// Compares two profiles.
    ///
    /// - Parameters:
    ///   - reference: What was.
    ///   - current: What is.
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

/// Σ (q − p) ln(q / p) over the shares p and q of two samples (Siddiqi, Credit Risk Scorecards, 2006); each range counts half a
/// case more than it has, so that an empty one is not infinitely far from any other.
///
/// - Parameters:
///   - reference: Cases by range.
///   - current: As many ranges.
/// - Returns: 0 where the shares are the same; as much where the samples are exchanged.
public func populationStabilityIndex(_ reference: [Int], _ current: [Int]) -> Double {
    zip(shares(reference, smoothing: 0.5), shares(current, smoothing: 0.5)).reduce(0) { sum, pair in
        sum + (pair.1 - pair.0) * log(pair.1 / pair.0)
    }
}

private func shares(_ counts: [Int], smoothing: Double) -> [Double] {
    let all = Double(counts.reduce(0, +)) + smoothing * Double(counts.count)
    return counts.map { all == 0 ? 0 : (Double($0) + smoothing) / all }
}
