"""A minimal HTTP/1.1 client on asyncio streams, which leaves the processors to the service."""

import asyncio
import json
import time


class Answer:
    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    def json(self):
        return json.loads(self.body)


def request(path, body=None, fields=()):
    lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", "Host: localhost", *fields]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + (body or b"")


def predict(text, *fields):
    return request("/predict", json.dumps({"abstract": text}).encode(), ("Content-Type: application/json", *fields))


async def read(reader):
    """Reads one final answer and skips interim ones."""
    while True:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        if status >= 200:
            break
    fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if ": " in line)}
    if fields.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
    else:
        body = await reader.readexactly(int(fields.get("content-length", 0)))
    return Answer(status, fields, body)


async def until_ready(url, process):
    """Waits until the service that a process is starting is ready."""
    while True:
        try:
            if (await Connections(url).ask(request("/health/ready"))).status == 200:
                return
        except (OSError, asyncio.IncompleteReadError):
            pass
        if process.poll() is not None:
            raise SystemExit(f"the service exited with {process.returncode} while starting")
        await asyncio.sleep(0.05)


# Seconds for which an idle connection is kept. This is well below the service's idle timeout: otherwise the service
# could close the connection while the next request is on its way.
KEPT = 20


class Connections:
    """A pool of connections to one service."""

    def __init__(self, url):
        host, port = url.removeprefix("http://").split(":")
        self.address = (host, int(port))
        self.idle = []

    async def ask(self, message):
        while self.idle:
            reader, writer, since = self.idle.pop()
            if not reader.at_eof() and not writer.is_closing() and time.monotonic() - since < KEPT:
                break
            writer.close()
        else:
            reader, writer = await asyncio.open_connection(*self.address, limit=1 << 24)
        try:
            writer.write(message)
            answer = await read(reader)
        except BaseException:
            writer.close()
            raise
        if answer.fields.get("connection") == "close":
            writer.close()
        else:
            self.idle.append((reader, writer, time.monotonic()))
        return answer

    def close(self):
        for _, writer, _ in self.idle:
            writer.close()
