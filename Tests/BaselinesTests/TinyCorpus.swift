import Corpora
import Evaluation
import Runs
import TestSupport

/// Invented corpora in which words determine the labels.
enum TinyCorpus {
    private static let words = [
        "BACKGROUND": ["the", "risk", "of", "stroke"], "METHODS": ["patients", "were", "randomised", "twice"],
        "RESULTS": ["the", "hazard", "ratio", "was", "half"],
    ]
    private static let roles = ["BACKGROUND", "METHODS", "RESULTS"]

    /// Returns a corpus for a task.
    static func corpus(_ task: TrainingTask, count: Int, seed: UInt64) -> LabelledCorpus {
        var generator = SeededGenerator(seed: seed)
        func sentence(_ role: String) -> String {
            (words[role] ?? []).shuffled(using: &generator).joined(separator: " ")
        }
        switch task {
        case .sequenceLabelling, .sentence:
            return abstracts(
                (0..<count).map { index in
                    TrainingAbstract(
                        id: "\(index)", sentences: roles.map { .init(text: sentence($0), label: $0) })
                })
        case .text:
            return texts(
                (0..<count).map { index in
                    let role = roles[index % roles.count]
                    return TrainingText(id: "\(index)", text: sentence(role), labels: [role])
                })
        case .multiLabelText:
            return texts(
                (0..<count).map { index in
                    let given = roles.indices.filter { index >> $0 & 1 == 1 }.map { roles[$0] }
                    let text = (given + ["none"]).map { $0 == "none" ? "and so on" : sentence($0) }
                    return TrainingText(id: "\(index)", text: text.joined(separator: ". "), labels: given)
                })
        }
    }

    /// Returns abstracts whose sentences differ only in their position.
    static func places(count: Int) -> LabelledCorpus {
        abstracts(
            (0..<count).map { index in
                TrainingAbstract(
                    id: "\(index)",
                    sentences: roles.map { .init(text: "the same in every place", label: $0) })
            })
    }

    private static func abstracts(_ abstracts: [TrainingAbstract]) -> LabelledCorpus {
        .abstracts(TrainingCorpus(items: abstracts, omissions: CorpusOmissions(), sources: []))
    }

    private static func texts(_ texts: [TrainingText]) -> LabelledCorpus {
        .texts(TrainingCorpus(items: texts, omissions: CorpusOmissions(), sources: []))
    }
}
