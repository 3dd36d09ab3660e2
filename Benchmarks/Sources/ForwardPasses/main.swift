// Labels one short abstract on one thread. The work is small enough for callgrind to count its instructions.
//
//     ForwardPasses CHECKPOINT float32|bfloat16|int8 [PASSES]
import Checkpoint
import Glibc
import Kernels
import Labelling

let arguments = CommandLine.arguments
guard (3...4).contains(arguments.count), let precision = ProductPrecision(rawValue: arguments[2]),
    let passes = arguments.count == 3 ? 1 : Int(arguments[3])
else {
    print("usage: ForwardPasses CHECKPOINT float32|bfloat16|int8 [PASSES]")
    exit(64)
}
let labeller = try Labeller(CheckpointDirectory(path: arguments[1]), precision)
let text = """
    We aimed to determine the effect of daily vitamin D3 on the rate of falls in women. The rate of falls was 0.72 per \
    person-year with vitamin D3 and 0.79 with placebo (rate ratio 0.91, 95% CI 0.77 to 1.08).
    """
let prepared = try labeller.prepare(labeller.abstract(text))
let engine = Engine(labeller, threads: 1)
var rows = LogitRows(labels: labeller.labels.count)
for _ in 0..<passes { engine.run(prepared.layout.windows, into: &rows) }
for sentence in labeller.decode(prepared, rows: rows[...]).sentences { print(labeller.labels[sentence.label]) }
