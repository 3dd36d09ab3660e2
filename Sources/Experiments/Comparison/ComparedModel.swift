public import Training

/// Something that takes part in a comparison: brought about first where it has to be, and then measured on the test data.
public protocol ComparedModel: Sendable {
    /// What it is compared as; runs of one system, such as those of several seeds, share it.
    var system: String { get }
    /// The run, as a tracker knows it.
    var run: ExperimentRun { get }
    /// The names of the labels it gives, or will give.
    var labels: Set<String> { get }

    /// Does what is left to do before it can be measured.
    ///
    /// - Parameters:
    ///   - report: Is told what happens.
    ///   - shouldStop: Is asked again and again.
    /// - Returns: Whether it can be measured; `false` where it was asked to stop, and what was done is saved.
    /// - Throws: What keeps it from being brought about.
    func prepare(report: (ExperimentEvent) -> Void, shouldStop: () -> Bool) throws -> Bool

    /// Labels the test data, as it will label others.
    ///
    /// - Parameter test: Of the kind that it learns from.
    /// - Returns: What it said of every sentence or text.
    /// - Throws: What keeps it from labelling them.
    func measure(on test: LabelledCorpus) throws -> Measurement
}
