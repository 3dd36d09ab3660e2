// Labels one short abstract on one thread: little enough to be counted, instruction by instruction, by callgrind.
//
//     OneForwardPass CHECKPOINT float32|bfloat16|int8
import Checkpoint
import Glibc
import Kernels
import Labelling

let arguments = CommandLine.arguments
guard arguments.count == 3, let precision = ProductPrecision(rawValue: arguments[2]) else {
    print("usage: OneForwardPass CHECKPOINT float32|bfloat16|int8")
    exit(64)
}
let labeller = try Labeller(CheckpointDirectory(path: arguments[1]), precision)
let text = """
    We aimed to determine the effect of daily vitamin D3 on the rate of falls in women. The rate of falls was 0.72 per \
    person-year with vitamin D3 and 0.79 with placebo (rate ratio 0.91, 95% CI 0.77 to 1.08).
    """
let prepared = try labeller.prepare(labeller.abstract(text))
for sentence in Engine(labeller, threads: 1).label([prepared])[0].sentences {
    print(labeller.labels[sentence.label])
}
