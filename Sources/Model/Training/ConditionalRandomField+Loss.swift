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
    ///     loss = log Z − (1 − s) · log Z(allowed) − s · log Z(named)
    ///
    /// Z sums exp score(y) over all labellings, Z(named) over those in which every sentence has a label that its author named,
    /// Z(allowed) over those in which it has one that is allowed beyond that: marginal likelihoods of partially labelled
    /// sequences (Tsuboi et al. 2008). Where every sentence has one named label, and s is 1 or nothing else is allowed, this
    /// is the CRF's usual loss. Sentences that may have any label add nothing to it.
    ///
    /// Where the sequence is taught, a share of that gives way to the cross-entropy with a teacher's distributions q, taken
    /// as independent of each other (Hinton et al. 2015): log Z − E_q score(y).
    ///
    /// - Parameters:
    ///   - emissions: `[n][C]`, n at least 1.
    ///   - named: `[n]`
    ///   - allowed: `[n]`, each containing what is named.
    ///   - exactShare: s, 0 to 1.
    ///   - taught: A distribution for each sentence, and their share.
    /// - Returns: The loss, not below 0 but for rounding, and its derivatives.
    public func loss(
        emissions: [[Double]], named: [LabelSubset], allowed: [LabelSubset], exactShare: Double = 0,
        taught: TaughtLabels? = nil
    ) -> (loss: Double, gradient: Gradient) {
        precondition(named.count == emissions.count && allowed.count == emissions.count && !named.isEmpty)
        var gradient = Gradient(
            emissions: emissions.map { $0.map { _ in 0 } }, transitions: transitions.map { $0.map { _ in 0 } },
            start: start.map { _ in 0 }, end: end.map { _ in 0 })
        var loss = 0.0
        let told = 1 - (taught?.share ?? 0)
        for (subsets, factor) in [
            (named.map { _ in LabelSubset.all }, 1), (allowed, told * (exactShare - 1)), (named, -told * exactShare),
        ] where factor != 0 {
            let lattice = Lattice(self, emissions: emissions, allowed: subsets)
            loss += factor * lattice.logPartition
            gradient.add(
                factor, marginals: lattice.marginals,
                transitions: lattice.expectedTransitions(self, emissions: emissions))
        }
        if let taught, taught.share > 0 {
            let q = taught.distributions
            precondition(q.count == named.count && q.allSatisfy { $0.count == start.count })
            let pairs = expectedPairs(q)
            loss -= taught.share * expectedScore(emissions, q, pairs)
            gradient.add(-taught.share, marginals: q, transitions: pairs)
        }
        return (loss, gradient)
    }

    /// Σ_t q_t(from) · q_t+1(to)
    private func expectedPairs(_ q: [[Double]]) -> [[Double]] {
        start.indices.map { from in
            start.indices.map { to in zip(q, q.dropFirst()).reduce(0) { $0 + $1.0[from] * $1.1[to] } }
        }
    }

    private func expectedScore(_ emissions: [[Double]], _ q: [[Double]], _ pairs: [[Double]]) -> Double {
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        return dot(start, q[0]) + dot(end, q[q.count - 1]) + zip(emissions, q).reduce(0) { $0 + dot($1.0, $1.1) }
            + zip(transitions, pairs).reduce(0) { $0 + dot($1.0, $1.1) }
    }
}

/// What a teacher thinks of the sentences of one sequence.
public struct TaughtLabels: Sendable, Equatable {
    /// `[n][C]`, each summing to 1.
    public var distributions: [[Double]]
    /// How much of the loss they are, 0 to 1.
    public var share: Double

    /// Distributions and their share.
    public init(distributions: [[Double]], share: Double) {
        self.distributions = distributions
        self.share = share
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
