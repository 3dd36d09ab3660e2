"""Restarts two replicas behind HAProxy under load: not one request may fail.

Clients send 80% of what the replicas can answer. The replicas are restarted in turn ten times, then reloaded ten times.

    restarts.py PROGRAM [--rounds 10]
"""

import argparse
import asyncio
import pathlib
import random
import signal
import subprocess
import tempfile

from abstracts import abstracts
from http_client import Connections, predict, request, until_ready
from load import closed_loop
from service import SHIPPED, free_port

HAPROXY = pathlib.Path(__file__).parents[2] / "Deployment" / "haproxy.cfg"


class Replica:
    """A service process that always has the same port."""

    def __init__(self, program):
        self.program, self.port, self.process = program, free_port(), None

    def start(self):
        self.process = subprocess.Popen(
            [
                self.program,
                "serve",
                "--port",
                str(self.port),
                "--model",
                SHIPPED,
                "--threads",
                "1",
                "--precision",
                "int8",
                "--drain-delay",
                "3",
                "--log-level",
                "warning",
            ]
        )

    async def ready(self):
        await until_ready(f"http://127.0.0.1:{self.port}", self.process)

    async def restart(self):
        self.process.send_signal(signal.SIGTERM)
        while self.process.poll() is None:
            await asyncio.sleep(0.05)
        if self.process.returncode != 0:
            raise SystemExit(f"a replica exited with {self.process.returncode}")
        self.start()
        await self.ready()

    async def generation(self):
        return (await Connections(f"http://127.0.0.1:{self.port}").ask(request("/info"))).json()["generation"]


async def clients(url, texts, rate, statuses):
    """Sends requests evenly and compares each answer with earlier answers for the same abstract."""
    connections = Connections(url)
    generator = random.Random(7)
    labels = {}
    tasks = set()

    async def one(text):
        try:
            answer = await connections.ask(predict(text))
        except (OSError, asyncio.IncompleteReadError) as error:
            status = type(error).__name__
        else:
            status = answer.status
            if status == 200:
                found = [sentence["label"] for sentence in answer.json()["sentences"]]
                if labels.setdefault(text, found) != found:
                    status = "different answer"
        statuses[status] = statuses.get(status, 0) + 1

    due = asyncio.get_running_loop().time()
    try:
        while True:
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            task = asyncio.create_task(one(generator.choice(texts)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            due += 1 / rate
    except asyncio.CancelledError:
        await asyncio.gather(*tasks)


async def main(options):
    replicas = [Replica(options.program) for _ in range(2)]
    for replica in replicas:
        replica.start()
    port = free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".cfg") as file:
        text = HAPROXY.read_text().replace(":8080", f":{port}", 1)
        for name, replica in zip(("rubricator-1:8080", "rubricator-2:8080"), replicas, strict=True):
            text = text.replace(name, f"127.0.0.1:{replica.port}")
        file.write(text)
        file.flush()
        haproxy = subprocess.Popen(["haproxy", "-db", "-q", "-f", file.name], stderr=subprocess.DEVNULL)
        try:
            await asyncio.gather(*(replica.ready() for replica in replicas))
            await asyncio.sleep(3)
            url = f"http://127.0.0.1:{port}"
            texts = abstracts(60, seed=3)
            # The load must leave reserves: while one replica restarts, the other gets all requests.
            most = await closed_loop(Connections(url), texts, 16, 5)
            rate = 0.8 * most
            print(f"capacity of both replicas: {most:.1f} abstracts/s; clients send {rate:.1f}/s")
            statuses = {}
            asking = asyncio.create_task(clients(url, texts, rate, statuses))
            for _ in range(options.rounds):
                for replica in replicas:
                    await replica.restart()
                    # Give HAProxy time to see that the replica is ready.
                    await asyncio.sleep(2)
            print(f"{options.rounds} restarts of each: {statuses}")
            for _ in range(options.rounds):
                before = [await replica.generation() for replica in replicas]
                for replica in replicas:
                    replica.process.send_signal(signal.SIGHUP)
                while any([await replica.generation() == old for replica, old in zip(replicas, before, strict=True)]):
                    await asyncio.sleep(0.1)
            generations = [await replica.generation() for replica in replicas]
            asking.cancel()
            await asking
            print(f"{options.rounds} reloads of each, generations {generations}: {statuses}")
            if set(statuses) != {200} or generations != [options.rounds + 1] * 2:
                raise SystemExit("requests failed, or reloads were lost")
        finally:
            haproxy.terminate()
            haproxy.wait()
            for replica in replicas:
                replica.process.terminate()
                replica.process.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=10)
    asyncio.run(main(parser.parse_args()))
