"""Measures the service under load, with requests that arrive independently of the answers (an open loop).

    load.py PROGRAM [--precision int8] [--seconds 20] [--deadline 2]

The engine's own throughput is that of `rubricator label`. The capacity is the throughput of 32 clients, each of which
sends a request as soon as the previous one is answered. Then requests arrive at fractions and multiples of the
capacity, evenly or at random (Poisson), and beside a stream of requests with 500 abstracts each. Fails if a figure
misses the project's target.
"""

import argparse
import asyncio
import json
import random
import re
import subprocess
import tempfile
import time

from abstracts import abstracts
from http_client import Connections, predict, request
from service import SHIPPED, running


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


class Run:
    """The latencies by status, and the number of broken connections, of one period."""

    def __init__(self):
        self.latencies = {}
        self.broken = 0

    def count(self, status):
        return len(self.latencies.get(status, []))


async def series(connections, name):
    text = (await connections.ask(request("/metrics"))).body.decode()
    return float(next(line.rsplit(" ", 1)[1] for line in text.splitlines() if line.startswith(name + " ")))


def engine_rate(program, precision, texts):
    """Returns the throughput of `rubricator label` in abstracts per second."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(json.dumps(text) + "\n" for text in texts)
        file.flush()
        said = subprocess.run(
            [program, "label", "--json", "--timing", "--precision", precision, "--model", SHIPPED, file.name],
            check=True,
            capture_output=True,
            text=True,
        ).stderr
    return float(re.search(r"([0-9.]+) a second", said)[1])


async def open_loop(connections, texts, rate, seconds, deadline, seed, even=False):
    generator = random.Random(seed)
    run = Run()

    async def one(text, due):
        try:
            answer = await connections.ask(predict(text, f"X-Request-Timeout: {deadline}"))
        except (OSError, asyncio.IncompleteReadError):
            run.broken += 1
        else:
            run.latencies.setdefault(answer.status, []).append(time.monotonic() - due)

    tasks = []
    due = start = time.monotonic()
    while due < start + seconds:
        await asyncio.sleep(due - time.monotonic())
        tasks.append(asyncio.create_task(one(generator.choice(texts), due)))
        due += 1 / rate if even else generator.expovariate(rate)
    await asyncio.gather(*tasks)
    return run


async def closed_loop(connections, texts, clients, seconds):
    """Returns the answers per second with clients that send a request as soon as the previous one is answered."""
    answered = 0
    end = time.monotonic() + seconds

    async def client(generator):
        nonlocal answered
        while time.monotonic() < end:
            answer = await connections.ask(predict(generator.choice(texts)))
            assert answer.status == 200, answer.body
            answered += 1

    start = time.monotonic()
    await asyncio.gather(*(client(random.Random(seed)) for seed in range(clients)))
    return answered / (time.monotonic() - start)


async def probe(url, taken):
    """Probes health as orchestrators do, on a new connection each time."""
    while True:
        for path in ("/health/live", "/health/ready"):
            connections = Connections(url)
            start = time.monotonic()
            assert (await connections.ask(request(path))).status == 200
            taken.append(time.monotonic() - start)
            connections.close()
        await asyncio.sleep(0.05)


async def beside_megabytes(url, bodies, seconds):
    """Returns the longest latency of health while clients send the largest possible bodies, and their statuses."""
    taken, statuses = [], set()
    prober = asyncio.create_task(probe(url, taken))
    end = time.monotonic() + seconds

    async def client(body):
        connections = Connections(url)
        while time.monotonic() < end:
            statuses.add((await connections.ask(request("/predict", body, ("Content-Type: application/json",)))).status)
        connections.close()

    await asyncio.gather(*(client(body) for body in bodies))
    prober.cancel()
    return max(taken), statuses


async def beside_large(url, texts, rate, options):
    """Measures single abstracts sent evenly while another client repeatedly sends 500 in one request."""
    connections, large = Connections(url), Connections(url)
    body = json.dumps({"abstracts": [random.Random(5).choice(texts) for _ in range(500)]}).encode()

    async def ask():
        while True:
            answer = await large.ask(request("/predict", body, ("Content-Type: application/json",)))
            assert answer.status == 200, answer.body[:200]

    asking = asyncio.create_task(ask())
    await asyncio.sleep(1)
    run = await open_loop(connections, texts, rate, options.seconds, options.deadline, 4, even=True)
    asking.cancel()
    connections.close()
    large.close()
    return run


async def measure(url, options):
    connections = Connections(url)
    texts = abstracts(200, seed=1)
    faults = []

    def expect(what, holds):
        if not holds:
            faults.append(what)

    await closed_loop(connections, texts, 8, 3)
    rates = []
    for _ in range(3):
        rates.append(
            (
                engine_rate(options.program, options.precision, texts),
                await closed_loop(connections, texts, 32, options.seconds / 2),
            )
        )
    engine, capacity = (sorted(column)[1] for column in zip(*rates, strict=True))
    share = sorted(http / engine for engine, http in rates)[1]
    print(f"engine: {engine:.1f} abstracts/s; capacity over HTTP with 32 clients: {capacity:.1f} ({share:.1%})")
    expect(f"throughput over HTTP is {share:.1%} of the engine's; expected 90%", share >= 0.9)

    lone = await open_loop(connections, texts, capacity / 20, options.seconds, options.deadline, 0, even=True)
    half = await open_loop(connections, texts, capacity / 2, options.seconds, options.deadline, 0, even=True)
    quarter = await open_loop(connections, texts, capacity / 4, options.seconds, options.deadline, 4, even=True)
    beside = await beside_large(url, texts, capacity / 4, options)
    print("                                   p50 ms   p99 ms")
    for name, run in (
        ("alone", lone),
        ("evenly at half the capacity", half),
        ("evenly at a quarter", quarter),
        ("a quarter, beside 500 at once", beside),
    ):
        print(
            f"  {name:<30} {1e3 * percentile(run.latencies[200], 0.5):8.0f}"
            f" {1e3 * percentile(run.latencies[200], 0.99):8.0f}"
        )
        expect(
            f"{name}: {run.count(200)} answered of {sum(map(len, run.latencies.values()))}",
            run.latencies.keys() == {200},
        )

    def p99(run):
        return percentile(run.latencies[200], 0.99)

    expect(f"p99 at half the capacity is {p99(half) / p99(lone):.1f} times p99 alone", p99(half) <= 3 * p99(lone))
    expect(
        f"p99 beside requests of 500 abstracts is {p99(beside) / p99(quarter):.1f} times p99 without them",
        p99(beside) <= 2.5 * p99(quarter),
    )

    print("  load  offered/s  goodput/s   p50 ms   p99 ms   429s  429 p99 ms  late  broken  health max ms  MiB")
    goodputs, memories = [], []
    for factor in (0.5, 1, 3):
        taken = []
        prober = asyncio.create_task(probe(url, taken))
        run = await open_loop(
            connections, texts, factor * capacity, options.seconds, options.deadline, int(10 * factor)
        )
        prober.cancel()
        memories.append(await series(connections, "process_resident_memory_bytes") / 2**20)
        good, refused = run.latencies.get(200, []), run.latencies.get(429, [])
        overdue = sum(latency > options.deadline + 0.05 for latency in good)
        late = overdue + run.count(504)
        goodputs.append((len(good) - overdue) / options.seconds)
        offered = sum(map(len, run.latencies.values())) / options.seconds
        print(
            f"  {factor:4}x {offered:9.1f} {goodputs[-1]:10.1f}"
            f" {1e3 * percentile(good, 0.5):8.0f} {1e3 * percentile(good, 0.99):8.0f}"
            f" {len(refused):6} {1e3 * percentile(refused, 0.99):11.1f} {late:5} {run.broken:7}"
            f" {1e3 * max(taken):14.1f} {memories[-1]:5.0f}"
        )
        expect(
            f"{factor}x: unexpected statuses or broken connections: {run.latencies.keys()}, {run.broken}",
            run.latencies.keys() <= {200, 429, 504} and not run.broken,
        )
        expect(f"{factor}x: {late} of {len(good)} accepted requests missed their deadline", not late)
        expect(
            f"{factor}x: a refusal took {1e3 * percentile(refused, 0.99):.0f} ms",
            not refused or percentile(refused, 0.99) <= 0.1,
        )
        expect(f"{factor}x: health took {1e3 * max(taken):.0f} ms", max(taken) <= 0.05)
    most = max(capacity, *goodputs)
    expect(f"goodput at 3x is {goodputs[-1] / most:.1%} of the maximum", goodputs[-1] >= 0.95 * most)
    expect(f"memory grew from {memories[0]:.0f} to {memories[-1]:.0f} MiB", memories[-1] <= 1.1 * memories[0])
    longest = " ".join(texts)
    large = [
        json.dumps({"abstract": (longest * (8_000_000 // len(longest)))}).encode(),
        json.dumps(
            {"abstracts": [longest[start : start + 400] for start in range(0, len(longest) - 400, 60)][:1_000]}
        ).encode(),
        json.dumps({"abstract": "one word " * 800_000}).encode(),
        b'{"x": [' + b'{"": 1},' * 1_000_000 + b"0]}",
    ]
    slowest, statuses = await beside_megabytes(url, large, options.seconds)
    print(f"beside bodies of megabytes (statuses {sorted(statuses)}), health took at most {1e3 * slowest:.1f} ms")
    expect(f"health took {1e3 * slowest:.0f} ms beside bodies of megabytes", slowest <= 0.05)
    expect(f"bodies of megabytes were answered with {statuses}", statuses <= {200, 400, 422, 429, 504})
    connections.close()
    return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--precision", default="int8")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--deadline", type=float, default=2)
    options = parser.parse_args()
    with running(options.program, "--precision", options.precision, "--log-level", "warning") as url:
        faults = asyncio.run(measure(url, options))
    for fault in faults:
        print("target missed:", fault)
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
