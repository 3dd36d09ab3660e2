public import Model

/// What a network is trained to do.
public enum TrainingTask: String, Sendable, Codable, CaseIterable {
    /// Label the sentences of an abstract together: encoder, label head and CRF.
    case sequenceLabelling = "sequence-labelling"
    /// Label each sentence of an abstract on its own.
    case sentence
    /// Give a text one of several labels.
    case text
    /// Give a text any number of labels.
    case multiLabelText = "multi-label-text"

    /// The checkpoint's task.
    public var checkpointTask: Configuration.Task {
        switch self {
        case .sequenceLabelling: .sequenceLabelling
        case .sentence, .text: .singleLabelClassification
        case .multiLabelText: .multiLabelClassification
        }
    }

    /// Whether it learns from labelled abstracts, rather than from labelled texts.
    public var readsAbstracts: Bool { self == .sequenceLabelling || self == .sentence }
}
