"""The real program on a port of its own, for checks by clients that others wrote."""

import contextlib
import pathlib
import socket
import subprocess
import tempfile
import time
import urllib.request

SHIPPED = str(pathlib.Path(__file__).parents[2] / "Models")


def free_port():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


@contextlib.contextmanager
def running(program, *options, model=SHIPPED, within=()):
    """Runs `rubricator serve` until the block ends, by the command `within` where there is one; gives its URL."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = tempfile.TemporaryFile("w+")
    process = subprocess.Popen([*within, program, "serve", "--port", str(port), "--model", model, *options], stderr=log)
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise SystemExit(f"the service ended at its start with {process.returncode}")
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(url + "/health/ready").status == 200:
                    break
            time.sleep(0.05)
        else:
            raise SystemExit("the service did not become ready")
        yield url
        if process.poll() is not None:
            raise SystemExit(f"the service ended by itself with {process.returncode}")
    finally:
        process.terminate()
        status = process.wait(timeout=40)
    if status != 0:
        log.seek(0)
        raise SystemExit(f"the service ended with {status}: {log.read()[-2000:]}")
