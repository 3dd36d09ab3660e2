import Corpora
import Runs
import Checkpoint
import Kernels
import Labelling

/// What trained checkpoints think of the training abstracts: the mean of their probabilities for every sentence (self-training,
/// or distillation of several into one; Hinton et al. 2015, Furlanello et al. 2018).
struct Teaching {
    /// For every abstract and sentence, over the labels of the job: `[A][n][C]`.
    private(set) var distributions: [[[Float]]]

    private static let together = 256

    /// Has every teacher of the job label every abstract, as fast as the processor can.
    ///
    /// - Parameters:
    ///   - job: With teachers and what they are asked about.
    ///   - report: Is told how far it is.
    /// - Throws: Where a teacher's files cannot be used.
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

    /// Reads what was written.
    init(path: String, _ job: TrainingJob) throws {
        let tensor = try TensorStore(path: path).tensor(named: Self.name)
        let (sentences, labels) = (job.taught.reduce(0) { $0 + $1.sentences.count }, job.labels.count)
        guard tensor.elementType == .f32, tensor.shape == [sentences, labels] else {
            throw TrainingError.state(
                "\(path): \(tensor.name) is \(tensor.elementType) of shape \(tensor.shape); expected F32 of \([sentences, labels]). Delete the file to have the teachers asked again."
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
