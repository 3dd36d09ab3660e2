"""Count the instructions of each kernel for one short abstract and compare them with instruction_counts.json.

The counts come from valgrind's callgrind, so they do not depend on the load of the machine. The check fails if a kernel
executes over 1 % more instructions than committed. It also fails if a second forward pass allocates memory, because the
first one has already allocated everything that is needed.

    python3 count_instructions.py PROGRAM CHECKPOINT            compare with the committed counts
    python3 count_instructions.py PROGRAM CHECKPOINT --update   replace the committed counts

PROGRAM is ForwardPasses. Valgrind emulates a processor with AVX2 and nothing newer, so the AVX2 kernels are counted.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

COUNTS = Path(__file__).with_name("instruction_counts.json")
KERNELS = re.compile(r"^([a-z][a-z0-9_]*_(?:avx2|portable|baseline)|ck_[a-z0-9_]+)$")
# Functions with fewer instructions than this are ignored.
FEWEST = 10_000
ALLOWED = 1.01
ALLOCATORS = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"}
PRECISIONS = ["float32", "int8"]


def profile(program: str, checkpoint: str, precision: str, passes: int) -> tuple[dict[str, int], int]:
    """Return the instructions of each CKernels function, without its callees, and the number of allocations."""
    with tempfile.TemporaryDirectory() as directory:
        output, stripped = f"{directory}/callgrind.out", f"{directory}/program"
        # Valgrind cannot read Swift's debugging information; function names are in another section.
        subprocess.run(["strip", "--strip-debug", "-o", stripped, program], check=True)
        found = subprocess.run(
            [
                "valgrind",
                "--tool=callgrind",
                f"--callgrind-out-file={output}",
                stripped,
                checkpoint,
                precision,
                str(passes),
            ],
            check=False,
            # Without this, dictionaries are filled in a different order each time, and the allocations differ.
            env={**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"},
            capture_output=True,
            text=True,
        )
        if found.returncode:
            sys.exit(f"{program}: valgrind failed:\n{found.stderr}")
        return read_profile(output)


def read_profile(path: str) -> tuple[dict[str, int], int]:
    """Sum a profile's cost lines by function, and its calls of allocators.

    The format is described at https://valgrind.org/docs/manual/cl-format.html.
    """
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    function, called, is_call, allocations = "", "", False, 0
    for line in Path(path).read_text(encoding="utf-8", errors="replace").splitlines():
        if found := re.match(r"fn=\((\d+)\)(?: (.*))?", line):
            if found[2]:
                names[found[1]] = found[2]
            function = names[found[1]]
        elif found := re.match(r"cfn=\((\d+)\)(?: (.*))?", line):
            if found[2]:
                names[found[1]] = found[2]
            called = names[found[1]]
        elif found := re.match(r"calls=(\d+)", line):
            is_call = True
            if called in ALLOCATORS:
                allocations += int(found[1])
        elif found := re.match(r"[+\-*\d]\S* (\d+)$", line):
            if not is_call:
                counts[function] = counts.get(function, 0) + int(found[1])
            is_call = False
    kernels = {name: total for name, total in sorted(counts.items()) if KERNELS.match(name) and total >= FEWEST}
    return kernels, allocations


def main() -> int:
    program, checkpoint, *options = sys.argv[1:]
    profiles = {precision: profile(program, checkpoint, precision, passes=1) for precision in PRECISIONS}
    found = {precision: kernels for precision, (kernels, _) in profiles.items()}
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
    for precision, (_, once) in profiles.items():
        _, twice = profile(program, checkpoint, precision, passes=2)
        print(f"{precision:9} {'allocations of a second pass':36} {twice - once:>14,} after {once:,}")
        if twice > once or once == 0:
            print("The second forward pass allocates memory; expected none, because the workspace is reused.")
            failures += 1
    if failures:
        print(f"{failures} checks failed. Reduce the counts, or run with --update and explain why in the commit.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
