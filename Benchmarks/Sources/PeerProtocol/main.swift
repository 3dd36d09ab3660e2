// Takes part in an interleaved comparison with other engines: answers each JSON line on standard input with one line.
// `--precision` is float32 (default), bfloat16 or int8. Environment variables: PEERS_MODEL is the encoder's directory
// and PEERS_WORKLOAD the file with the sequences (both required); WORKERS is the number of batches that run at the same
// time, THREADS the number of threads per batch, BATCH_TOKENS the most tokens in a batch.
import FoundationEssentials
import Glibc
import Kernels

struct Command: Decodable {
    let op: String
    let kind: Kind?
    let idx: [Int]?
    let warm: Int?
}

func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
}

func answer(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

func seconds(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    return clock.measure(body) / .seconds(1)
}

func percentile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
}

func peakMegabytes() -> Double {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1024
}

guard let modelPath = environment("PEERS_MODEL"), let workloadPath = environment("PEERS_WORKLOAD") else {
    print("PEERS_MODEL or PEERS_WORKLOAD is not set; set them to the encoder's directory and to workload.json")
    exit(64)
}
let arguments = CommandLine.arguments
let option = arguments.firstIndex(of: "--precision").flatMap { arguments.dropFirst($0 + 1).first } ?? "float32"
guard let precision = ProductPrecision(rawValue: option) else {
    print("--precision is \(option); expected float32, bfloat16 or int8")
    exit(64)
}
let workload = try Workload(path: workloadPath)
let runner = try Runner(
    directory: modelPath, precision, workers: environment("WORKERS").flatMap { Int($0) } ?? 1,
    threads: environment("THREADS").flatMap { Int($0) } ?? 2,
    batchTokens: environment("BATCH_TOKENS").flatMap { Int($0) } ?? 4096)
answer(#"{"ready":1}"#)

while let line = readLine() {
    guard let command = try? JSONDecoder().decode(Command.self, from: Data(line.utf8)) else {
        answer(#"{"error":"the line is not a valid command"}"#)
        continue
    }
    let groups = workload.sequences(command.kind ?? .joint, command.idx)
    let kind = command.kind ?? .joint
    switch command.op {
    case "thr":
        let sequences = groups.flatMap(\.self)
        for _ in 0..<(command.warm ?? 0) { runner.run(Array(sequences.prefix(16)), kind) }
        let time = seconds { runner.run(sequences, kind) }
        let tokens = sequences.reduce(0) { $0 + $1.count }
        answer(
            "{\"abs_s\":\(Double(groups.count) / time),\"tok_s\":\(Double(tokens) / time),\"t\":\(time),\"pad_ratio\":1.0}"
        )
    case "lat":
        for group in groups.prefix(3) { runner.run(group, kind) }
        let times = groups.map { group in seconds { runner.run(group, kind) } * 1000 }.sorted()
        let mean = times.reduce(0, +) / Double(times.count)
        answer("{\"p50\":\(percentile(times, 0.5)),\"p95\":\(percentile(times, 0.95)),\"mean\":\(mean)}")
    case "ping":
        answer("{\"rss_mb\":\(peakMegabytes())}")
    default:
        answer(#"{"error":"unknown op; expected thr, lat or ping"}"#)
    }
}
