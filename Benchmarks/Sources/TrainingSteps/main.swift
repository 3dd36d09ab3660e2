// Takes part in compare_training.py: runs one training step for each batch on standard input and answers with the time
// that the step took. Arguments: the checkpoint's directory, the number of threads, the number of labels.
import Checkpoint
import FoundationEssentials
import Glibc
import Kernels
import Model
import Training

struct Work: Decodable {
    /// One window per text, all of the same length.
    let ids: [[Int32]]
    let labels: [Int]
}

/// Writes a line immediately, without buffering.
func answer(_ line: String) {
    var bytes = Array("\(line)\n".utf8)[...]
    while !bytes.isEmpty {
        let written = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        guard written > 0 else { exit(EXIT_FAILURE) }
        bytes = bytes.dropFirst(written)
    }
}

/// Returns the peak memory of this process in MiB.
func peakMemory() -> Double {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1024
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let threads = Int(arguments[2]), let labels = Int(arguments[3]) else {
    answer("usage: TrainingSteps DIRECTORY THREADS LABELS")
    exit(EXIT_FAILURE)
}
let directory = try CheckpointDirectory(path: arguments[1])
let base = try Configuration(json: directory.file("config.json"))
let configuration = try Configuration(
    json: base.json(task: .singleLabelClassification, labels: (0..<labels).map { "LABEL_\($0)" }, name: nil))
var generator = SplitMix64(seed: 1)
let network = try TrainableNetwork(configuration, base: directory.tensors(), generator: &generator)
var recipe = Recipe(task: .text)
recipe.learningRate = 1e-5
recipe.headLearningRate = 1e-5
let optimiser = Optimiser(network.parameters, layers: configuration.layers, recipe: recipe)
let team = ThreadTeam(count: threads)
var workspace: TrainingWorkspace?
var step = 0
answer("{}")
while let line = readLine() {
    let work = try JSONDecoder().decode(Work.self, from: Data(line.utf8))
    var batch = TrainingBatch()
    for (ids, label) in zip(work.ids, work.labels) { batch.append([(ids, [])], target: .label(label)) }
    var room =
        workspace.take()
        ?? TrainingWorkspace(for: configuration, labels: labels, tokens: batch.tokens, threads: threads)
    var loss = 0.0
    let time = ContinuousClock().measure {
        network.clearGradients()
        loss = network.accumulate(
            batch, dropout: DropoutRates(hidden: 0.1, attention: 0.1, head: 0.1), scale: 1 / Double(batch.items),
            generator: &generator, workspace: &room, team: team)
        _ = optimiser.step(step, factor: 1, team: team)
    }
    workspace = consume room
    step += 1
    let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
    answer("{\"seconds\": \(seconds), \"loss\": \(loss / Double(batch.items)), \"peak_mib\": \(peakMemory())}")
}
