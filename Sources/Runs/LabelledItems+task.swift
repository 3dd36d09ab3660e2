package import Corpora

extension LabelledItems {
    /// Returns the items as the task reads them. If sentences are labelled on their own, abstracts become texts.
    ///
    /// - Throws: ``TrainingError/recipe(_:)`` if the items are of another kind than the task needs.
    package func prepared(for task: TrainingTask) throws(TrainingError) -> LabelledItems {
        switch (task, self) {
        case (.sequenceLabelling, .abstracts), (.sentence, .texts), (.text, .texts), (.multiLabelText, .texts): self
        case (.sentence, .abstracts(let abstracts)): .texts(TrainingText.sentences(of: abstracts))
        default:
            throw TrainingError.recipe(
                "the task \(task.rawValue) needs \(task.readsAbstracts ? "abstracts with labelled sentences" : "labelled texts"), but the data are of another kind. Check the task and the data files."
            )
        }
    }
}
