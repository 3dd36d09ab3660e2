"""Measure the time from a service's start until it reports ready, and its resident memory, for each precision.

    python3 measure_start.py PROGRAM CORPUS [--model DIR] [--starts 9] [--abstracts 40]

CORPUS is a JSON Lines file with "text". The precisions take turns, so that a period of other load affects all of them.
Memory is read when the service is ready, and again after one request with the given number of abstracts. All figures
are medians over the starts.
"""

import argparse
import http.client
import itertools
import json
import re
import socket
import statistics
import subprocess
import time

PRECISIONS = ("float32", "bfloat16", "int8")


def resident(process):
    """Return the resident memory of a process in MiB."""
    with open(f"/proc/{process.pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1]) / 1024


def ask(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def start(options, precision, body):
    """Return the milliseconds until ready, and the resident MiB at that time and after the request."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    beginning = time.perf_counter()
    process = subprocess.Popen(
        [
            options.program,
            "serve",
            "--port",
            str(port),
            "--model",
            options.model,
            "--precision",
            precision,
            "--log-level",
            "critical",
        ]
    )
    try:
        while True:
            try:
                if ask(port, "GET", "/health/ready") == 200:
                    break
            except OSError:
                pass
            if process.poll() is not None:
                raise SystemExit(f"{options.program}: the service exited during start with status {process.returncode}")
            time.sleep(0.001)
        ready = 1000 * (time.perf_counter() - beginning)
        idle = resident(process)
        status = ask(port, "POST", "/predict", body)
        if status != 200:
            raise SystemExit(f"POST /predict: expected status 200; found {status}")
        return ready, idle, resident(process)
    finally:
        process.terminate()
        process.wait()


arguments = argparse.ArgumentParser()
arguments.add_argument("program", help="path of the rubricator program")
arguments.add_argument("corpus", help='JSON Lines file with "text"')
arguments.add_argument("--model", default="Models", help="checkpoint directory (default: Models)")
arguments.add_argument("--starts", type=int, default=9, help="starts per precision (default: 9)")
arguments.add_argument("--abstracts", type=int, default=40, help="abstracts in the request (default: 40)")
arguments = arguments.parse_args()

with open(arguments.corpus) as corpus:
    texts = [json.loads(line)["text"] for line in itertools.islice(corpus, arguments.abstracts)]
body = json.dumps({"abstracts": texts})
figures = {precision: [] for precision in PRECISIONS}
for _ in range(arguments.starts):
    for precision in PRECISIONS:
        figures[precision].append(start(arguments, precision, body))
print("precision   ready ms   idle MiB   after MiB")
for precision in PRECISIONS:
    ready, idle, after = (statistics.median(column) for column in zip(*figures[precision], strict=True))
    print(f"{precision:10} {ready:9.0f} {idle:10.0f} {after:11.0f}")
