"""The real program on a port of its own, for checks by clients that others wrote."""

import contextlib
import json
import pathlib
import subprocess
import threading
import time
import urllib.request

SHIPPED = str(pathlib.Path(__file__).parents[2] / "Models")


@contextlib.contextmanager
def running(program, *options, model=SHIPPED):
    """Runs `rubricator serve` until the block ends; gives its URL."""
    process = subprocess.Popen(
        [program, "serve", "--port", "0", "--model", model, "--log-format", "json", *options],
        stderr=subprocess.PIPE, text=True)
    try:
        url = next(entry["url"] for entry in map(json.loads, process.stderr) if entry["message"] == "listening")
        # The log is read to its end, so that the program never waits for its reader.
        threading.Thread(target=process.stderr.read, daemon=True).start()
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
        raise SystemExit(f"the service ended with {status}")
