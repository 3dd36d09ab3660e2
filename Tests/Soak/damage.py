"""Memory that goes bad under a service that runs: its self-check finds it, health says so, and reading the checkpoint anew mends it.

    damage.py PROGRAM

Writes not-a-number over a layer norm's weights in the memory of the process, where float32 keeps them as they are.
"""

import argparse
import asyncio
import json
import pathlib
import re
import signal
import struct
import subprocess

from http_client import Connections, predict, request, until_ready
from service import SHIPPED, free_port

TENSOR = "bert.encoder.layer.3.output.LayerNorm.weight"
TEXT = "Falls are common. We randomised 40 adults. Fewer of them fell."


def weights():
    """The tensor as float32."""
    content = (pathlib.Path(SHIPPED) / "model.safetensors").read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    entry = json.loads(content[8:8 + length])[TENSOR]
    assert entry["dtype"] == "F16", entry
    start, end = entry["data_offsets"]
    stored = content[8 + length + start:8 + length + end]
    return struct.pack(f"<{len(stored) // 2}f", *struct.unpack(f"<{len(stored) // 2}e", stored))


def damage(process):
    """Overwrites the weights wherever the process has them; says in how many places."""
    wanted, places = weights(), 0
    with open(f"/proc/{process.pid}/mem", "r+b", buffering=0) as memory:
        for line in open(f"/proc/{process.pid}/maps").read().splitlines():
            start, end, access = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line).groups()
            if not access.startswith("rw"):
                continue
            start, end = int(start, 16), int(end, 16)
            memory.seek(start)
            content = memory.read(end - start)
            at = content.find(wanted)
            while at >= 0:
                memory.seek(start + at)
                memory.write(struct.pack("<f", float("nan")) * (len(wanted) // 4))
                places += 1
                at = content.find(wanted, at + 1)
    return places


async def until(what, holds, seconds=60):
    for _ in range(10 * seconds):
        if await holds():
            return
        await asyncio.sleep(0.1)
    raise SystemExit(f"it did not come to pass: {what}")


async def main(options):
    port = free_port()
    process = subprocess.Popen(
        [options.program, "serve", "--port", str(port), "--model", SHIPPED, "--self-check-interval", "1",
         "--log-level", "critical"])
    url = f"http://127.0.0.1:{port}"
    try:
        await until_ready(url, process)
        connections = Connections(url)

        async def labels():
            answer = await connections.ask(predict(TEXT))
            return answer.status, [sentence["label"] for sentence in answer.json().get("sentences", [])]

        async def health():
            answer = await connections.ask(request("/health/ready"))
            return answer.status, answer.json()

        before = await labels()
        assert before[0] == 200, before
        places = damage(process)
        assert places > 0, "the weights are nowhere in the process"

        async def has_failed():
            return (await health())[0] == 503

        await until("health says that the model fails", has_failed)
        _, document = await health()
        assert document["status"] == "failed" and "not finite" in document["reason"], document
        assert (await connections.ask(request("/health/live"))).status == 200
        refused = await connections.ask(predict(TEXT))
        assert refused.status == 503 and "not finite" in refused.json()["detail"], refused.body
        metrics = (await connections.ask(request("/metrics"))).body.decode()
        assert "\nrubricator_ready 0\n" in metrics, "the metric still says ready"
        process.send_signal(signal.SIGHUP)

        async def is_ready():
            return (await health())[0] == 200

        await until("the checkpoint that is read anew answers", is_ready)
        assert await labels() == before
        print(f"damaged in {places} place(s); health, requests and metrics said so, and SIGHUP mended it")
    finally:
        process.terminate()
        assert process.wait(timeout=40) == 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    asyncio.run(main(parser.parse_args()))
