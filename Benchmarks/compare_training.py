"""Compare training steps of our trainer with those of PyTorch (float32, eager), alternating on the same cores.

    pip install -r ../Tests/Fixtures/checkpoints/requirements.txt          # Python 3.11
    swift build -c release --package-path . --product TrainingSteps
    python3 compare_training.py --base DIR --ours .build/release/TrainingSteps [--rounds 7]

DIR is the directory of a BERT checkpoint, such as the MiniLM-L6 encoder. Both engines train
BertForSequenceClassification with five labels on the same token ids: 16 windows of 375 tokens. All windows have the
same length, so PyTorch needs no padding. A step consists of forward and backward pass, gradient clipping and AdamW,
with dropout 0.1. PyTorch runs the transformers model with scaled-dot-product attention. The engines take turns step by
step; the reported ratio is the median of the ratios of all rounds.
"""

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time

WINDOWS, LENGTH, LABELS = 16, 375, 5


def peer(base, threads):
    """Run one PyTorch training step for each batch on standard input and answer with its time in seconds."""
    import torch
    from transformers import AutoConfig, AutoModelForSequenceClassification

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    config = AutoConfig.from_pretrained(base, num_labels=LABELS, attn_implementation="sdpa")
    model = AutoModelForSequenceClassification.from_pretrained(base, config=config, dtype=torch.float32).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-5, weight_decay=0.01)
    print("{}", flush=True)
    for line in sys.stdin:
        batch = json.loads(line)
        start = time.perf_counter()
        output = model(input_ids=torch.tensor(batch["ids"]), labels=torch.tensor(batch["labels"]))
        optimiser.zero_grad()
        output.loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "loss": output.loss.item(), "peak_mib": peak}), flush=True)


class Worker:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def step(self, batch):
        self.process.stdin.write(json.dumps(batch) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--base", required=True, help="directory of a BERT checkpoint")
    arguments.add_argument("--ours", help="path of the TrainingSteps program")
    arguments.add_argument("--rounds", type=int, default=7, help="measured rounds (default: 7)")
    arguments.add_argument(
        "--threads",
        type=int,
        default=len(os.sched_getaffinity(0)),
        help="threads of each engine (default: all available processors)",
    )
    arguments.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.peer:
        return peer(chosen.base, chosen.threads)
    threads = str(chosen.threads)
    workers = {
        "ours": Worker([chosen.ours, chosen.base, threads, str(LABELS)]),
        "torch": Worker([sys.executable, __file__, "--peer", "--base", chosen.base, "--threads", threads]),
    }
    draw = random.Random(7)

    def batch():
        # Ids start at 1,000, because BERT vocabularies have their special and unused tokens below that.
        ids = [[draw.randrange(1000, 30000) for _ in range(LENGTH)] for _ in range(WINDOWS)]
        return {"ids": ids, "labels": [draw.randrange(LABELS) for _ in range(WINDOWS)]}

    rounds = {name: [] for name in workers}
    for turn in range(chosen.rounds + 1):
        work = batch()
        for name in sorted(workers, reverse=turn % 2 == 1):
            answer = workers[name].step(work)
            if turn > 0:  # the first round is a warm-up
                rounds[name].append(answer)
    tokens = WINDOWS * LENGTH
    for name, answers in rounds.items():
        seconds = statistics.median(answer["seconds"] for answer in answers)
        print(
            f"{name:6} {seconds:6.2f} s per step, {tokens / seconds:6.0f} tokens/s,"
            f" peak {answers[-1]['peak_mib']:5.0f} MiB,"
            f" first losses {[round(answer['loss'], 3) for answer in answers[:3]]}"
        )
    ratios = [theirs["seconds"] / ours["seconds"] for ours, theirs in zip(rounds["ours"], rounds["torch"], strict=True)]
    print(f"ratio  {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f} over {len(ratios)} rounds)")


main()
