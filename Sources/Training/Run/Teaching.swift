import Checkpoint
import Corpora
import Kernels
import Labelling
import Runs

/// The teachers' predictions for the training abstracts: the mean of their label probabilities for every sentence, used
/// for distillation or self-training (Hinton et al. 2015; Furlanello et al. 2018).
struct Teaching {
    /// The probabilities of the job's labels, `[abstracts][sentences][labels]`.
    private(set) var distributions: [[[Float]]]

    private static let together = 256

    /// Labels every training abstract with every teacher, at the fastest precision.
    ///
    /// - Parameters:
    ///   - job: The job with its teachers and training abstracts.
    ///   - report: A closure that receives progress events.
    /// - Throws: An error of a teacher's files.
    init(_ job: TrainingJob, report: (TrainingEvent) -> Void) throws {
        let share = 1 / Float(job.teachers.count)
        distributions = job.taught.map { $0.sentences.map { _ in job.labels.map { _ in 0 } } }
        for (number, teacher) in job.teachers.enumerated() {
            let labeller = try Labeller(teacher.directory, .fastest)
            let places = job.labels.map { label in labeller.labels.firstIndex(of: label) ?? 0 }
            let engine = Engine(labeller, threads: job.recipe.threads)
            for start in stride(from: 0, to: job.taught.count, by: Self.together) {
                let range = start..<min(start + Self.together, job.taught.count)
                let prepared = try job.taught[range].map { abstract in
                    try labeller.prepare(Abstract(sentences: abstract.sentences.map(\.text)), headings: .ignore)
                }
                for (item, labelled) in zip(range, engine.label(prepared)) {
                    for (t, sentence) in labelled.sentences.enumerated() {
                        for (label, place) in places.enumerated() {
                            distributions[item][t][label] += share * Float(sentence.scores[place])
                        }
                    }
                }
                report(
                    .asked(
                        teacher: number + 1, of: job.teachers.count, abstracts: range.upperBound,
                        all: job.taught.count))
            }
        }
    }

    /// Reads predictions from a file that ``write(to:)`` wrote.
    init(path: String, _ job: TrainingJob) throws {
        let tensor = try TensorStore(path: path).tensor(named: Self.name)
        let (sentences, labels) = (job.taught.reduce(0) { $0 + $1.sentences.count }, job.labels.count)
        guard tensor.elementType == .f32, tensor.shape == [sentences, labels] else {
            throw TrainingError.state(
                "\(path): \(tensor.name) is \(tensor.elementType) of shape \(tensor.shape); expected F32 of shape \([sentences, labels]). Delete the file to compute the teachers' predictions again."
            )
        }
        var rows = Matrix(rows: sentences, columns: labels)
        _ = tensor.withBytes { rows.fill(bytes: $0, as: .float32) }
        var next = 0
        distributions = job.taught.map { abstract in
            defer { next += abstract.sentences.count }
            return abstract.sentences.indices.map { rows.row(next + $0) }
        }
    }

    func write(to path: String) throws(CheckpointError) {
        let rows = distributions.flatMap { $0 }
        let member = (name: Self.name, shape: [rows.count, rows.first?.count ?? 0])
        try SafetensorsWriter.write([member], to: path) {
            (_, write: ([Float]) throws(CheckpointError) -> Void) throws(CheckpointError) in
            for row in rows { try write(row) }
        }
    }

    private static let name = "distributions"
}
