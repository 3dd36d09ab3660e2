"""Kills the service with kill -9 at random moments: every answer is complete and right, and the next start just works.

kill.py PROGRAM [--rounds 20]
"""

import argparse
import asyncio
import pathlib
import random
import subprocess

from abstracts import abstracts
from http_client import Connections, predict, until_ready
from service import SHIPPED, free_port


def files():
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in pathlib.Path(SHIPPED).rglob("*")}


async def main(options):
    generator = random.Random(3)
    texts = abstracts(40, seed=2)
    port = free_port()
    labels = {}
    before = files()
    answered = 0
    for _ in range(options.rounds):
        process = subprocess.Popen(
            [options.program, "serve", "--port", str(port), "--model", SHIPPED, "--log-level", "critical"]
        )
        url = f"http://127.0.0.1:{port}"
        connections = Connections(url)
        await until_ready(url, process)

        async def client(connections, seed):
            nonlocal answered
            generator = random.Random(seed)
            while True:
                text = generator.choice(texts)
                try:
                    answer = await connections.ask(predict(text))
                except (OSError, asyncio.IncompleteReadError):
                    return
                found = [sentence["label"] for sentence in answer.json()["sentences"]]
                if answer.status != 200 or labels.setdefault(text, found) != found:
                    raise SystemExit(f"unexpected answer with status {answer.status}: {answer.body[:200]}")
                answered += 1

        asking = [asyncio.create_task(client(connections, seed)) for seed in range(4)]
        await asyncio.sleep(generator.uniform(0, 1.5))
        process.kill()
        process.wait()
        await asyncio.gather(*asking)
    if files() != before:
        raise SystemExit("the files of the checkpoint have changed")
    print(f"killed {options.rounds} times; {answered} answers, all complete and identical for the same abstract")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=20)
    asyncio.run(main(parser.parse_args()))
