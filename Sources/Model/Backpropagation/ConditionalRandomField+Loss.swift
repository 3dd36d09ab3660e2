extension ConditionalRandomField {
    /// The gradient of a loss with respect to everything that a CRF's score consists of.
    public struct Gradient: Sendable, Equatable {
        /// Gradient with respect to the emissions, `[n][C]`.
        public var emissions: [[Double]]
        /// Gradient with respect to the transition scores, `[from][to]`, C by C.
        public var transitions: [[Double]]
        /// Gradient with respect to the start scores, `[C]`.
        public var start: [Double]
        /// Gradient with respect to the end scores, `[C]`.
        public var end: [Double]
    }

    /// Computes the negative log-likelihood of one sequence, and its gradient.
    ///
    ///     loss = log Z − (1 − s) · log Z(allowed) − s · log Z(named)
    ///
    /// Z sums exp score(y) over all labellings. Z(named) sums over the labellings in which every sentence has a label
    /// that its author named, and Z(allowed) over those in which every sentence has an allowed label: marginal
    /// likelihoods of partially labelled sequences (Tsuboi et al. 2008). If every sentence has one named label, and s
    /// is 1 or nothing else is allowed, this is the usual loss of a CRF. A sentence that may have any label contributes
    /// nothing.
    ///
    /// With a teacher, the loss becomes (1 − w) times the above plus w times the cross-entropy with the teacher's
    /// distributions q, taken as independent of each other (Hinton et al. 2015): log Z − E_q score(y). w is the
    /// distillation weight.
    ///
    /// - Parameters:
    ///   - emissions: Score of each label for each sentence, `[n][C]`, n at least 1.
    ///   - named: Labels that the author named for each sentence, `[n]`.
    ///   - allowed: Labels that count as correct for each sentence, `[n]`; each contains the named ones.
    ///   - exactShare: The exact weight s, 0 to 1.
    ///   - taught: The teacher's distributions and the distillation weight, or `nil`.
    /// - Returns: The loss, which is at least 0 apart from rounding, and its gradient.
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

    /// Returns the expected number of each transition under q, Σ_t q_t(from) · q_t+1(to).
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

/// A teacher's label distributions for the sentences of one sequence.
public struct TaughtLabels: Sendable, Equatable {
    /// Distribution over the labels for each sentence, `[n][C]`; each row sums to 1.
    public var distributions: [[Double]]
    /// Distillation weight, 0 to 1.
    public var share: Double

    /// Creates the targets of one sequence.
    ///
    /// - Parameters:
    ///   - distributions: Distribution over the labels for each sentence, `[n][C]`; each row sums to 1.
    ///   - share: Distillation weight, 0 to 1.
    public init(distributions: [[Double]], share: Double) {
        self.distributions = distributions
        self.share = share
    }
}

extension ConditionalRandomField.Gradient {
    /// Adds the gradient of a log-partition, which consists of the expected number of each label and transition.
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
