"""Measure the time and memory of `rubricator label`, from file to file, for growing numbers of abstracts.

    python3 measure_label.py PROGRAM CORPUS [--model DIR] [--precision int8] [--threads 2] [--largest 10000]

CORPUS is a JSON Lines file with "text". It is repeated until there are enough abstracts, so that the number of tokens
grows in proportion to the number of abstracts. A new process labels each number of abstracts once. The column "network"
is the share of the time that the network and the CRF take: the fraction of the engine's own throughput that `label`
reaches.
"""

import argparse
import itertools
import json
import os
import re
import tempfile

arguments = argparse.ArgumentParser()
arguments.add_argument("program", help="path of the rubricator program")
arguments.add_argument("corpus", help='JSON Lines file with "text"')
arguments.add_argument("--model", default="Models", help="checkpoint directory (default: Models)")
arguments.add_argument("--precision", default="float32", help="float32, bfloat16 or int8 (default: float32)")
arguments.add_argument("--threads", default="2", help="number of threads (default: 2)")
arguments.add_argument("--largest", type=int, default=10_000, help="largest number of abstracts (default: 10000)")
arguments = arguments.parse_args()

with open(arguments.corpus) as corpus:
    texts = [json.dumps({"text": json.loads(line)["text"]}) for line in corpus]

print("abstracts     tokens   seconds  abstracts/s  µs/token  network  peak memory")
with tempfile.TemporaryDirectory() as directory:
    count = 1
    while count <= arguments.largest:
        source, answers = os.path.join(directory, "in.jsonl"), os.path.join(directory, "out.jsonl")
        with open(source, "w") as file:
            file.writelines(text + "\n" for text in itertools.islice(itertools.cycle(texts), count))
        errors = os.path.join(directory, "errors")
        child = os.posix_spawn(
            arguments.program,
            [
                arguments.program,
                "label",
                "--json",
                "--timing",
                "--model",
                arguments.model,
                "--precision",
                arguments.precision,
                "--threads",
                arguments.threads,
                source,
            ],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, answers, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
                (os.POSIX_SPAWN_OPEN, 2, errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
            ],
        )
        _, status, usage = os.wait4(child, 0)
        with open(errors) as file:
            said = file.read()
        if status != 0:
            raise SystemExit(said)
        with open(answers) as file:
            assert sum(1 for _ in file) == count
        tokens = int(re.search(r"(\d+) tokens", said)[1])
        seconds = float(re.search(r"tokens in ([\d.]+) s", said)[1])
        network = float(re.search(r"\(([\d.]+) %\)", said)[1])
        print(
            f"{count:9} {tokens:10} {seconds:9.3f} {count / seconds:12.1f} {1e6 * seconds / tokens:9.1f} "
            f"{network:7.1f}% {usage.ru_maxrss / 1024:8.0f} MiB",
            flush=True,
        )
        count *= 10
