"""Sends good, bad, slow, huge, aborted and compressed requests for half an hour: no crash, no leak, no wrong answer.

    soak.py PROGRAM [--minutes 30]

Answers must agree with those of `rubricator label` for the same abstracts.
"""

import argparse
import asyncio
import collections
import gzip
import json
import random
import subprocess
import tempfile
import time

from abstracts import abstracts
from http_client import Connections, predict, read, request
from service import SHIPPED, running

CLIENTS = 24
BOMB = gzip.compress(b" " * (64 << 20))


def truth(program, texts):
    """Returns the sentences and labels of every text according to `rubricator label`."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(json.dumps(text) + "\n" for text in texts)
        file.flush()
        lines = subprocess.run(
            [program, "label", "--json", "--model", SHIPPED, "--precision", "int8", file.name],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()
    return {text: summary(json.loads(line)) for text, line in zip(texts, lines, strict=True)}


def summary(document):
    """Returns the parts of an answer to compare; confidences are rounded, as they vary slightly with the batch."""
    return [(s["start"], s["end"], s["label"], round(s["confidence"], 1)) for s in document["sentences"]]


class Soak:
    def __init__(self, url, texts, right):
        self.url, self.texts, self.right = url, texts, right
        self.statuses = collections.Counter()
        self.wrong = []
        self.end = 0

    def check(self, text, document):
        found, wanted = summary(document), self.right[text]
        same = len(found) == len(wanted) and all(
            f[:2] == w[:2] and abs(f[3] - w[3]) < 0.15 and (f[2] == w[2] or w[3] < 0.65)
            for f, w in zip(found, wanted, strict=True)
        )
        if not same:
            self.wrong.append((text, found, wanted))

    def expect(self, kind, status, wanted):
        self.statuses[kind, status] += 1
        if status not in wanted:
            self.wrong.append((kind, status))

    async def good(self, connections, generator):
        text = generator.choice(self.texts)
        answer = await connections.ask(predict(text))
        self.expect("good", answer.status, {200})
        self.check(text, answer.json())

    async def compressed(self, connections, generator):
        text = generator.choice(self.texts)
        body = gzip.compress(json.dumps({"abstract": text}).encode())
        answer = await connections.ask(
            request(
                "/predict", body, ("Content-Type: application/json", "Content-Encoding: gzip", "Accept-Encoding: gzip")
            )
        )
        self.expect("compressed", answer.status, {200})
        body = gzip.decompress(answer.body) if answer.fields.get("content-encoding") == "gzip" else answer.body
        self.check(text, json.loads(body))

    async def stream(self, connections, generator):
        chosen = generator.choices(self.texts, k=generator.randint(1, 40))
        body = "".join(json.dumps({"id": str(i), "text": text}) + "\n" for i, text in enumerate(chosen)).encode()
        answer = await connections.ask(request("/predict", body, ("Content-Type: application/x-ndjson",)))
        self.expect("stream", answer.status, {200})
        for index, (text, line) in enumerate(zip(chosen, answer.body.splitlines(), strict=True)):
            document = json.loads(line)
            assert document["id"] == str(index)
            self.check(text, document)

    async def several(self, connections, generator):
        chosen = generator.choices(self.texts, k=generator.randint(2, 60))
        items = [*chosen, 7]
        answer = await connections.ask(
            request("/predict", json.dumps({"abstracts": items}).encode(), ("Content-Type: application/json",))
        )
        self.expect("several", answer.status, {200})
        *documents, bad = answer.json()["abstracts"]
        assert bad["error"]["status"] == 422
        for text, document in zip(chosen, documents, strict=True):
            self.check(text, document)

    async def bad(self, connections, generator):
        message, wanted = generator.choice(
            [
                (request("/predict", b"{", ("Content-Type: application/json",)), 400),
                (request("/predict", b"{}", ("Content-Type: application/json",)), 422),
                (request("/predict", b'{"abstract": "\xff"}', ("Content-Type: application/json",)), 400),
                (request("/predict", b"no gzip", ("Content-Encoding: gzip",)), 400),
                (request("/predict", b"x", ("Content-Type: image/png",)), 415),
                (request("/nowhere"), 404),
                (request("/predict"), 405),
                (request("/v2/models/nobody/infer", b"{}"), 404),
                (request("/predict?model=nobody", b'{"abstract": "A."}'), 404),
            ]
        )
        answer = await connections.ask(message)
        self.expect("bad", answer.status, {wanted})

    async def huge(self, connections, generator):
        if generator.random() < 0.5:
            answer = await connections.ask(request("/predict", b" " * (9 << 20), ("Content-Type: application/json",)))
            self.expect("too large", answer.status, {413})
        else:
            answer = await connections.ask(
                request("/predict", BOMB, ("Content-Type: application/json", "Content-Encoding: gzip"))
            )
            self.expect("bomb", answer.status, {413})

    async def slow(self, connections, generator):
        text = generator.choice(self.texts)
        reader, writer = await asyncio.open_connection(*connections.address, limit=1 << 24)
        message = predict(text)
        step = len(message) // 20 + 1
        for start in range(0, len(message), step):
            writer.write(message[start : start + step])
            await asyncio.sleep(0.05)
        answer = await read(reader)
        writer.close()
        self.expect("slow", answer.status, {200})
        self.check(text, answer.json())

    async def aborted(self, connections, generator):
        _, writer = await asyncio.open_connection(*connections.address)
        message = request(
            "/predict",
            json.dumps({"abstracts": generator.choices(self.texts, k=50)}).encode(),
            ("Content-Type: application/json",),
        )
        writer.write(message[: generator.randint(1, len(message))] if generator.random() < 0.5 else message)
        await asyncio.sleep(generator.uniform(0, 0.2))
        if generator.random() < 0.5:
            writer.transport.abort()
        else:
            writer.close()
        self.statuses["aborted", None] += 1

    async def client(self, seed):
        generator = random.Random(seed)
        connections = Connections(self.url)
        kinds = (
            [self.good] * 30
            + [self.compressed] * 8
            + [self.stream] * 3
            + [self.several] * 3
            + [self.bad] * 10
            + [self.huge]
            + [self.slow] * 4
            + [self.aborted] * 4
        )
        while time.monotonic() < self.end:
            await generator.choice(kinds)(connections, generator)
        connections.close()

    async def memory(self):
        """Returns resident memory in MiB without request bodies being received, whose number varies by chance."""
        text = (await Connections(self.url).ask(request("/metrics"))).body.decode()

        def series(name):
            return float(text.split(f"\n{name} ")[1].split("\n")[0]) / 2**20

        return series("process_resident_memory_bytes") - series("rubricator_held_body_bytes")

    async def run(self, seconds):
        self.end = time.monotonic() + seconds
        clients = [asyncio.create_task(self.client(seed)) for seed in range(CLIENTS)]
        memories = []
        while time.monotonic() < self.end:
            # Sample often enough that the first third and the last fifth both see the peaks of large requests.
            await asyncio.sleep(min(1, seconds / 150))
            memories.append(await self.memory())
            if len(memories) % 60 == 0:
                print(
                    f"{seconds - self.end + time.monotonic():6.0f} s  {memories[-1]:6.1f} MiB  "
                    f"{sum(self.statuses.values())} requests",
                    flush=True,
                )
        await asyncio.gather(*clients)
        return memories


def main(options):
    texts = abstracts(300, seed=11)
    right = truth(options.program, texts)
    with running(
        options.program,
        "--precision",
        "int8",
        "--log-level",
        "critical",
        "--max-wait",
        "600",
        "--request-timeout",
        "3600",
    ) as url:
        soak = Soak(url, texts, right)
        memories = asyncio.run(soak.run(60 * options.minutes))
    for (kind, status), count in sorted(soak.statuses.items(), key=str):
        print(f"{kind:12} {status or 'closed':>8} {count:8}")
    if soak.wrong:
        raise SystemExit(f"{len(soak.wrong)} answers are wrong, for example {soak.wrong[0]}")
    # Within the first third, buffers grow to the size that the largest requests need.
    warm, last = max(memories[: len(memories) // 3]), max(memories[-len(memories) // 5 :])
    print(f"peak memory: {warm:.1f} MiB in the first third, {last:.1f} MiB in the last fifth ({last / warm - 1:+.1%})")
    if last > 1.05 * warm:
        raise SystemExit("memory grew by more than 5%")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--minutes", type=float, default=30)
    main(parser.parse_args())
