"""Counts what every kernel executes for one short abstract, by valgrind's callgrind, and compares it with instruction_counts.json:
a kernel that needs more instructions than that fails, whatever the machine is doing meanwhile. So does a second forward pass
that allocates memory: the first one has made room.

    python3 count_instructions.py PROGRAM CHECKPOINT            compares
    python3 count_instructions.py PROGRAM CHECKPOINT --update   writes the counts as they are now

PROGRAM is ForwardPasses. Valgrind shows it a processor with AVX2 and nothing newer, so those are the kernels counted.
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
# Below this a function is no kernel worth watching.
FEWEST = 10_000
ALLOWED = 1.01
ALLOCATORS = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"}
PRECISIONS = ["float32", "int8"]


def profile(program: str, checkpoint: str, precision: str, passes: int) -> tuple[dict[str, int], int]:
    """Instructions executed in each function of CKernels itself, without what it calls, and allocations in all."""
    with tempfile.TemporaryDirectory() as directory:
        output, stripped = f"{directory}/callgrind.out", f"{directory}/program"
        # Valgrind gives up over Swift's debugging information; the names of functions are elsewhere.
        subprocess.run(["strip", "--strip-debug", "-o", stripped, program], check=True)
        found = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", stripped, checkpoint, precision,
             str(passes)],
            # Dictionaries are filled in another order every time otherwise, and allocate accordingly.
            env={**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"}, capture_output=True, text=True,
        )
        if found.returncode:
            sys.exit(f"valgrind failed:\n{found.stderr}")
        return read_profile(output)


def read_profile(path: str) -> tuple[dict[str, int], int]:
    """Sums a profile's cost lines by function and its calls of allocators; https://valgrind.org/docs/manual/cl-format.html."""
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
            print("A forward pass allocates memory; it should find all it needs in its workspace.")
            failures += 1
    if failures:
        print(f"{failures} of these differ. Make them as short again, or run with --update and say why in the commit.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
