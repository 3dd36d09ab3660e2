public import Model

/// The task that a network is trained for.
public enum TrainingTask: String, Sendable, Codable, CaseIterable {
    /// Label the sentences of an abstract together: encoder, label head and CRF.
    case sequenceLabelling = "sequence-labelling"
    /// Label each sentence of an abstract on its own.
    case sentence
    /// Assign one of several labels to a text.
    case text
    /// Assign any number of labels to a text.
    case multiLabelText = "multi-label-text"

    /// The task in the checkpoint's configuration.
    public var checkpointTask: Configuration.Task {
        switch self {
        case .sequenceLabelling: .sequenceLabelling
        case .sentence, .text: .singleLabelClassification
        case .multiLabelText: .multiLabelClassification
        }
    }

    /// Whether the task is trained on labelled abstracts, not on labelled texts.
    public var readsAbstracts: Bool { self == .sequenceLabelling || self == .sentence }
}
