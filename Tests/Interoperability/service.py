"""Runs the real program on a free port, for checks with third-party clients."""

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
    """Runs `rubricator serve`, wrapped in the command `within` if given, until the block ends; yields its URL."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = tempfile.TemporaryFile("w+")  # noqa: SIM115  (read after the service has ended)
    process = subprocess.Popen([*within, program, "serve", "--port", str(port), "--model", model, *options], stderr=log)
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise SystemExit(f"the service exited with {process.returncode} while starting")
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(url + "/health/ready").status == 200:
                    break
            time.sleep(0.05)
        else:
            raise SystemExit("the service was not ready within 30 seconds")
        yield url
        if process.poll() is not None:
            raise SystemExit(f"the service exited unexpectedly with {process.returncode}")
    finally:
        process.terminate()
        status = process.wait(timeout=40)
    if status != 0:
        log.seek(0)
        raise SystemExit(f"the service exited with {status}: {log.read()[-2000:]}")
