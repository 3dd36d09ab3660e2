"""Sends malformed HTTP, generated from a seed, for two minutes: the service must neither exit nor stop answering.

fuzz.py PROGRAM [--seconds 120] [--seed 1]
"""

import argparse
import gzip
import json
import random
import re
import socket
import time
import urllib.request

from abstracts import abstracts
from service import running

WORDS = [
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    b"\0",
    b" ",
    b":",
    b"HTTP/1.1",
    b"HTTP/9.9",
    b"Content-Length: 5",
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding: gzip",
    b"Content-Encoding: gzip",
    b"Expect: 100-continue",
    b"Connection: close",
    b"Upgrade: h2c",
    b"0\r\n\r\n",
    b"5\r\nhello\r\n",
    b"ffffffffffffffff\r\n",
    b"\xff\xfe",
    b"{" * 100,
    b"[" * 100000,
    b"A" * 100000,
    b"\x1f\x8b\x08",
    b"Inference-Header-Content-Length: 3",
    b"X-Request-Timeout: 1e-9",
    b"traceparent: 00-0-0-0",
    b"Authorization: Bearer",
]


def messages(generator):
    """Returns a well-formed request as a starting point."""
    text = abstracts(1, generator.random())[0]
    bodies = [
        json.dumps({"abstract": text}).encode(),
        json.dumps({"abstracts": [text, 7, {"id": "a"}]}).encode(),
        json.dumps({"inputs": [{"name": "abstracts", "datatype": "BYTES", "shape": [1], "data": [text]}]}).encode(),
        json.dumps({"text": text}).encode() + b"\n" + b'{"text": 3}\n',
        text.encode(),
    ]
    path = generator.choice(
        [
            b"/predict",
            b"/predict?model=x",
            b"/v2/models/rubricator-minilm-l6/infer",
            b"/admin/reload",
            b"/health",
            b"/%ff",
            b"*",
        ]
    )
    method = generator.choice([b"POST", b"GET", b"HEAD", b"OPTIONS", b"PUT", b"CONNECT", b"X" * 50])
    body = generator.choice(bodies)
    fields = [
        b"Host: x",
        b"Content-Type: "
        + generator.choice([b"application/json", b"text/plain", b"application/x-ndjson", b"a/b", b"\xff"]),
    ]
    if generator.random() < 0.3:
        body = gzip.compress(body)
        fields.append(b"Content-Encoding: gzip")
    if generator.random() < 0.4:
        size = generator.randint(1, 400)
        fields.append(b"Transfer-Encoding: chunked")
        body = (
            b"".join(
                b"%x\r\n%s\r\n" % (len(part), part)
                for part in (body[start : start + size] for start in range(0, len(body), size))
            )
            + b"0\r\n\r\n"
        )
    else:
        fields.append(b"Content-Length: %d" % len(body))
    return b"%s %s HTTP/1.1\r\n%s\r\n\r\n%s" % (method, path, b"\r\n".join(fields), body)


def changed(message, generator):
    message = bytearray(message)
    for _ in range(generator.choice([0, 1, 1, 2, 4, 8])):
        start = generator.randrange(len(message) + 1)
        end = min(len(message), start + generator.choice([0, 1, 4, 30, 300]))
        message[start:end] = generator.choice(
            [b"", bytes(message[start:end]) * 2, generator.choice(WORDS), generator.randbytes(end - start + 1)]
        )
    return bytes(message)


def main(options):
    generator = random.Random(options.seed)
    statuses = {}
    with running(
        options.program,
        "--log-level",
        "critical",
        "--idle-timeout",
        "2",
        "--max-body-bytes",
        "200000",
        "--admin-reload",
        "loopback",
    ) as url:
        host, port = url.removeprefix("http://").split(":")
        end = time.monotonic() + options.seconds
        count = 0
        held = []
        while time.monotonic() < end:
            count += 1
            connection = socket.create_connection((host, int(port)), timeout=5)
            message = b"".join(changed(messages(generator), generator) for _ in range(generator.choice([1, 1, 1, 3])))
            try:
                connection.sendall(message)
                manner = generator.random()
                if manner < 0.2:
                    held.append(connection)
                    if len(held) > 200:
                        held.pop(0).close()
                elif manner < 0.8:
                    connection.shutdown(socket.SHUT_WR)
                    connection.settimeout(30)
                    answer = b""
                    while part := connection.recv(65536):
                        answer += part
                    # A message may have contained several requests.
                    for status in re.findall(rb"HTTP/1\.[01] (\d{3})", answer) or [b"none"]:
                        statuses[status.decode()] = statuses.get(status.decode(), 0) + 1
            except OSError:
                statuses["reset"] = statuses.get("reset", 0) + 1
            if connection not in held:
                connection.close()
            if count % 200 == 0:
                assert urllib.request.urlopen(url + "/health/ready", timeout=5).status == 200
        body = json.dumps({"abstract": abstracts(1, 1)[0]}).encode()
        answer = json.load(
            urllib.request.urlopen(urllib.request.Request(url + "/predict", body, {"Content-Type": "application/json"}))
        )
        assert answer["sentences"]
    print(f"{count} connections: {statuses}")
    if "500" in statuses:
        raise SystemExit("a request was answered with status 500")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    main(parser.parse_args())
