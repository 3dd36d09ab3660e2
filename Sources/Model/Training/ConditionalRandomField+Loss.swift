extension ConditionalRandomField {
    /// The derivatives of a loss by everything a CRF's score is made of.
    public struct Gradient: Sendable, Equatable {
        /// `[n][C]`
        public var emissions: [[Double]]
        /// `[from][to]`, C by C.
        public var transitions: [[Double]]
        /// `[C]`
        public var start: [Double]
        /// `[C]`
        public var end: [Double]
    }

    /// The negative log-likelihood of one sequence, and its gradient.
    ///
    ///     loss = log Z − (1 − s) · log Z(allowed) − s · score(labels)
    ///
    /// Z sums exp score(y) over all labellings, Z(allowed) over those in which every sentence has one of its allowed labels:
    /// the marginal likelihood of partially labelled sequences (Tsuboi et al. 2008). Where `allowed` is the labels
    /// themselves, or s is 1, this is the CRF's usual loss.
    ///
    /// - Parameters:
    ///   - emissions: `[n][C]`, n at least 1.
    ///   - labels: `[n]`, each below C.
    ///   - allowed: `[n]`, each containing its label.
    ///   - exactShare: s, 0 to 1.
    /// - Returns: The loss, not below 0 but for rounding, and its derivatives.
    public func loss(
        emissions: [[Double]], labels: [Int], allowed: [LabelSubset], exactShare: Double = 0
    ) -> (loss: Double, gradient: Gradient) {
        precondition(labels.count == emissions.count && allowed.count == emissions.count && !labels.isEmpty)
        let exact = labels.map { LabelSubset([$0]) }
        var gradient = Gradient(
            emissions: emissions.map { $0.map { _ in 0 } }, transitions: transitions.map { $0.map { _ in 0 } },
            start: start.map { _ in 0 }, end: end.map { _ in 0 })
        var loss = 0.0
        for (subsets, factor) in [
            (labels.map { _ in LabelSubset.all }, 1), (allowed, exactShare - 1), (exact, -exactShare),
        ] where factor != 0 {
            let lattice = Lattice(self, emissions: emissions, allowed: subsets)
            loss += factor * lattice.logPartition
            gradient.add(
                factor, marginals: lattice.marginals,
                transitions: lattice.expectedTransitions(self, emissions: emissions))
        }
        return (loss, gradient)
    }
}

extension ConditionalRandomField.Gradient {
    /// The derivatives of a log-partition are the expectations of what its scores count.
    fileprivate mutating func add(_ factor: Double, marginals: [[Double]], transitions expected: [[Double]]) {
        for (t, row) in marginals.enumerated() {
            for (label, p) in row.enumerated() { emissions[t][label] += factor * p }
        }
        for (from, row) in expected.enumerated() {
            for (to, p) in row.enumerated() { transitions[from][to] += factor * p }
        }
        for (label, p) in (marginals.first ?? []).enumerated() { start[label] += factor * p }
        for (label, p) in (marginals.last ?? []).enumerated() { end[label] += factor * p }
    }
}
