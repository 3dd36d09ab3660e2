"""Counts what every kernel executes for one short abstract, by valgrind's callgrind, and compares it with instruction_counts.json:
a kernel that needs more instructions than that fails, whatever the machine is doing meanwhile.

    python3 count_instructions.py PROGRAM CHECKPOINT            compares
    python3 count_instructions.py PROGRAM CHECKPOINT --update   writes the counts as they are now

PROGRAM is OneForwardPass. Valgrind shows it a processor with AVX2 and nothing newer, so those are the kernels counted.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

COUNTS = Path(__file__).with_name("instruction_counts.json")
KERNELS = re.compile(r"^([a-z][a-z0-9_]*_(?:avx2|portable|baseline)|ck_[a-z0-9_]+)$")
# Below this a function is no kernel worth watching.
FEWEST = 10_000
ALLOWED = 1.01


def count(program: str, checkpoint: str, precision: str) -> dict[str, int]:
    """Instructions executed in each function of CKernels itself, without what it calls."""
    with tempfile.TemporaryDirectory() as directory:
        output, stripped = f"{directory}/callgrind.out", f"{directory}/program"
        # Valgrind gives up over Swift's debugging information; the names of functions are elsewhere.
        subprocess.run(["strip", "--strip-debug", "-o", stripped, program], check=True)
        found = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", stripped, checkpoint, precision],
            capture_output=True, text=True,
        )
        if found.returncode:
            sys.exit(f"valgrind failed:\n{found.stderr}")
        return own_counts(output)


def own_counts(path: str) -> dict[str, int]:
    """Sums a profile's cost lines by function; https://valgrind.org/docs/manual/cl-format.html."""
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    function, is_call = "", False
    for line in Path(path).read_text(encoding="utf-8", errors="replace").splitlines():
        if found := re.match(r"fn=\((\d+)\)(?: (.*))?", line):
            if found[2]:
                names[found[1]] = found[2]
            function = names[found[1]]
        elif found := re.match(r"c?fn=\((\d+)\) (.*)", line):
            names[found[1]] = found[2]
        elif line.startswith("calls="):
            is_call = True
        elif found := re.match(r"[+\-*\d]\S* (\d+)$", line):
            if not is_call:
                counts[function] = counts.get(function, 0) + int(found[1])
            is_call = False
    return {name: total for name, total in sorted(counts.items()) if KERNELS.match(name) and total >= FEWEST}


def main() -> int:
    program, checkpoint, *options = sys.argv[1:]
    found = {precision: count(program, checkpoint, precision) for precision in ["float32", "int8"]}
    if options == ["--update"]:
        COUNTS.write_text(json.dumps(found, indent=2) + "\n")
        return 0
    committed = json.loads(COUNTS.read_text())
    failures = 0
    for precision, kernels in committed.items():
        for name, expected in kernels.items():
            actual = found[precision].get(name, 0)
            failed = actual > ALLOWED * expected or actual == 0
            failures += failed
            note = "  <- more than committed" if failed and actual else "  <- no longer called" if failed else ""
            print(f"{precision:9} {name:36} {actual:>14,} of {expected:>14,}{note}")
        for name in found[precision].keys() - kernels.keys():
            failures += 1
            print(f"{precision:9} {name:36} {found[precision][name]:>14,}  <- not committed")
    if failures:
        print(f"{failures} kernels differ. Make them as short again, or run with --update and say why in the commit.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
