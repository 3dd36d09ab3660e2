"""Damages the memory of a running service: the self-check must find it, health report it and a reload repair it.

    damage.py PROGRAM

Overwrites the weights of a layer norm with NaN in the memory of the process, which holds them as float32.
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
    """Returns the bytes of the tensor as float32."""
    content = (pathlib.Path(SHIPPED) / "model.safetensors").read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    entry = json.loads(content[8 : 8 + length])[TENSOR]
    assert entry["dtype"] == "F16", entry
    start, end = entry["data_offsets"]
    stored = content[8 + length + start : 8 + length + end]
    return struct.pack(f"<{len(stored) // 2}f", *struct.unpack(f"<{len(stored) // 2}e", stored))


def damage(process):
    """Overwrites the weights everywhere in the memory of the process; returns the number of places."""
    wanted, places = weights(), 0
    with open(f"/proc/{process.pid}/mem", "r+b", buffering=0) as memory:
        for line in pathlib.Path(f"/proc/{process.pid}/maps").read_text().splitlines():
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
    raise SystemExit(f"did not happen within {seconds} s: {what}")


async def main(options):
    port = free_port()
    process = subprocess.Popen(
        [
            options.program,
            "serve",
            "--port",
            str(port),
            "--model",
            SHIPPED,
            "--self-check-interval",
            "1",
            "--log-level",
            "critical",
        ]
    )
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
        assert places > 0, "the weights were not found in the memory of the process"

        async def has_failed():
            return (await health())[0] == 503

        await until("health reports the failure of the model", has_failed)
        _, document = await health()
        assert document["status"] == "failed" and "not finite" in document["reason"], document
        assert (await connections.ask(request("/health/live"))).status == 200
        refused = await connections.ask(predict(TEXT))
        assert refused.status == 503 and "not finite" in refused.json()["detail"], refused.body
        metrics = (await connections.ask(request("/metrics"))).body.decode()
        assert "\nrubricator_ready 0\n" in metrics, "rubricator_ready is still 1"
        process.send_signal(signal.SIGHUP)

        async def is_ready():
            return (await health())[0] == 200

        await until("the reloaded checkpoint is ready", is_ready)
        assert await labels() == before
        print(f"damaged in {places} place(s); health, requests and metrics reported it, and SIGHUP repaired it")
    finally:
        process.terminate()
        assert process.wait(timeout=40) == 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    asyncio.run(main(parser.parse_args()))
