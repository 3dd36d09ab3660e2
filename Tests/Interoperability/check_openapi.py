"""Tests the service against /openapi.json with schemathesis, and checks /metrics with promtool.

check_openapi.py PROGRAM [EXAMPLES]
"""

import pathlib
import subprocess
import sys
import tempfile
import urllib.request

from service import running


def main(program, examples="100"):
    # schemathesis writes its findings to the working directory.
    with (
        tempfile.TemporaryDirectory() as folder,
        running(program, "--admin-reload", "loopback", "--max-body-bytes", "100000") as url,
    ):
        metrics = urllib.request.urlopen(url + "/metrics").read()
        subprocess.run(["promtool", "check", "metrics"], input=metrics, check=True)
        print("promtool: no problems")
        subprocess.run(
            [
                pathlib.Path(sys.executable).parent / "schemathesis",
                "--config-file",
                pathlib.Path(__file__).parent.resolve() / "schemathesis.toml",
                "run",
                url + "/openapi.json",
                "--url",
                url,
                "--max-examples",
                examples,
                "--seed",
                "1",
            ],
            check=True,
            cwd=folder,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
