package import Corpora

extension LabelledItems {
    /// The items as a task reads them: the sentences of abstracts as texts where each is labelled on its own.
    ///
    /// - Throws: ``TrainingError/recipe(_:)`` where they are of another kind.
    package func prepared(for task: TrainingTask) throws(TrainingError) -> LabelledItems {
        switch (task, self) {
        case (.sequenceLabelling, .abstracts), (.sentence, .texts), (.text, .texts), (.multiLabelText, .texts): self
        case (.sentence, .abstracts(let abstracts)): .texts(TrainingText.sentences(of: abstracts))
        default:
            throw TrainingError.recipe(
                "the task \(task.rawValue) learns from \(task.readsAbstracts ? "abstracts of labelled sentences" : "labelled texts"); the data are of another kind."
            )
        }
    }
}
