"""Records what the programs answer, so that a change of structure can be shown to change nothing else.

    python3 Tests/Recording/record.py PROGRAMS OUT           record the programs in the directory PROGRAMS
    python3 Tests/Recording/record.py --compare OLD NEW      exit 1 where the answers of two recordings differ
    python3 Tests/Recording/record.py --check PROGRAMS DIR   exit 1 where the words differ from the snapshots in DIR
    python3 Tests/Recording/record.py --update PROGRAMS DIR  replace the snapshots in DIR

A recording is five text files:
- answers.txt: exit codes, JSON, HTTP statuses, header fields, scores, and SHA-256 digests of written files
- output.txt: what commands print for people
- help.txt: every --help
- errors.txt: every error that a command printed
- problems.txt: every problem document of the service
The answers must stay byte-identical; the other four are wording. Compare recordings of one machine: the last digits of
a score differ between processors. Snapshots are the last three files, kept in Tests/Snapshots so that all words can be
read in one sitting.
"""

import argparse
import difflib
import gzip
import hashlib
import http.client
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import commands
import inputs
import requests_of_clients

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "Tests/Interoperability"))
import service  # noqa: E402

BOOKS = ("answers", "output", "help", "errors", "problems")
SNAPSHOTS = BOOKS[2:]
# What differs from run to run in the text that people read: durations, rates, memory, times and ports.
VOLATILE = re.compile(r"\b\d[\d,.]*(?= ?(µs|ms|s|MiB|GFLOP|GB/s|min|h)\b)|(?<=\"time\":\")[^\"]*|(?<=127\.0\.0\.1:)\d+")
DETAIL = re.compile(r'(?<="detail":)"(?:[^"\\]|\\.)*"')


class Recording:
    def __init__(self, programs, directory):
        self.programs, self.directory = programs, directory
        self.books = {name: [] for name in BOOKS}

    def note(self, book, title, text):
        text = text.replace(str(self.directory), "DIR").replace(str(ROOT), "ROOT").replace(str(self.programs), "BIN")
        self.books[book].append(f"=== {title}\n{text.rstrip()}\n")

    def digests(self, names):
        """One line for each written file; a directory stands for the files in it that say nothing of time."""
        lines = []
        for name in names:
            path = self.directory / name
            files = sorted(path.iterdir()) if path.is_dir() else [path]
            for file in files:
                if file.is_file() and file.name in commands.DETERMINISTIC | {path.name}:
                    digest = hashlib.sha256(file.read_bytes()).hexdigest()
                    lines.append(f"{file.relative_to(self.directory)} {digest}")
        return "\n".join(lines)

    def command(self, case):
        arguments = [a.format(dir=self.directory, fixtures=ROOT / "Tests/Fixtures", root=ROOT) for a in case.arguments]
        outcome = subprocess.run(
            [self.programs / arguments[0], *arguments[1:]],
            cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
            input=case.standard_input,
            env={"COLUMNS": "80", "HOME": str(self.directory), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        title = " ".join(case.arguments)
        answer = f"exit {outcome.returncode}\n{self.digests(case.writes)}"
        if case.prints == "json":
            answer += "\n" + outcome.stdout
        elif outcome.stdout:
            book = "help" if "--help" in arguments else "output"
            self.note(book, title, outcome.stdout if book == "help" else VOLATILE.sub("N", outcome.stdout))
        self.note("answers", title, answer)
        if outcome.returncode:
            # How far a service comes before it fails differs from run to run.
            lines = [line for line in outcome.stderr.splitlines() if '"level":"info"' not in line]
            self.note("errors", title, VOLATILE.sub("N", "\n".join(lines)))

    def request(self, service, port, case):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        body = case.body.encode() if isinstance(case.body, str) else case.body
        connection.request(case.method, case.path, body, case.headers)
        response = connection.getresponse()
        content = response.read()
        if response.getheader("content-encoding") == "gzip":
            content = gzip.decompress(content)
        connection.close()
        title = f"{service}: {case.method} {case.path} {case.title}".rstrip()
        fields = {
            name.lower(): value
            for name, value in response.getheaders()
            if name.lower() not in ("date", "x-request-id", "content-length", "retry-after", "server-timing")
        }
        answer = f"{response.status}\n" + "\n".join(f"{name}: {fields[name]}" for name in sorted(fields)) + "\n"
        text = content.decode(errors="backslashreplace")
        kind = fields.get("content-type", "")
        if response.status >= 400 and "json" in kind:
            self.note("problems", title, text)
        elif case.book == "answers":
            # One bad abstract of several fails alone: its problem document is part of the answer.
            details = DETAIL.findall(text)
            if details:
                self.note("problems", title, "\n".join(details))
            answer += DETAIL.sub('"…"', text)
        else:
            self.note(case.book, title, "\n".join(sorted(set(re.findall(case.keeps, text, re.MULTILINE)))))
        self.note("answers", title, answer)

    def serve(self, name, options, model, cases):
        options = [option.format(dir=self.directory) for option in options]
        model = model.format(fixtures=ROOT / "Tests/Fixtures", root=ROOT)
        with service.running(self.programs / "rubricator", *options, model=model) as url:
            for case in cases:
                self.request(name, int(url.rsplit(":", 1)[1]), case)

    def write(self, out, books=BOOKS):
        out.mkdir(parents=True, exist_ok=True)
        for name in books:
            (out / f"{name}.txt").write_text("\n".join(self.books[name]))

    def check(self, snapshots):
        """Prints how the words differ from snapshots; returns whether they are the same."""
        same = True
        for name in SNAPSHOTS:
            path = snapshots / f"{name}.txt"
            old, new = path.read_text(), "\n".join(self.books[name])
            same = same and old == new
            sys.stdout.writelines(
                difflib.unified_diff(old.splitlines(True), new.splitlines(True), str(path), "as the programs print it")
            )
        if not same:
            print("The words have changed. If that is intended, run make snapshots and read the difference.")
        return same


def compare(old, new):
    """Prints which entries of each book differ; returns whether the answers are the same."""
    same = True
    for name in BOOKS:
        entries = []
        for recording in (old, new):
            text = (recording / f"{name}.txt").read_text()
            entries.append(dict(entry.split("\n", 1) for entry in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]))
        differing = [t for t in entries[0] | entries[1] if entries[0].get(t) != entries[1].get(t)]
        print(f"{name}: {len(differing)} of {len(entries[1])} entries differ")
        if name == "answers":
            same = not differing
            for title in differing:
                print(f"=== {title}\n--- old\n{entries[0].get(title)}\n--- new\n{entries[1].get(title)}")
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--compare", action="store_true", help="compare two recordings")
    mode.add_argument("--check", action="store_true", help="compare the words with snapshots")
    mode.add_argument("--update", action="store_true", help="replace snapshots")
    parser.add_argument("directories", nargs=2, type=pathlib.Path, metavar="DIRECTORY")
    arguments = parser.parse_args()
    first, second = arguments.directories
    if arguments.compare:
        sys.exit(0 if compare(first, second) else 1)
    recording = record(first)
    if arguments.check:
        sys.exit(0 if recording.check(second) else 1)
    recording.write(second, SNAPSHOTS if arguments.update else BOOKS)
    print(json.dumps({name: len(entries) for name, entries in recording.books.items()}))


def record(programs):
    """Runs every command and request on the programs in a directory."""
    with tempfile.TemporaryDirectory() as temporary:
        directory = pathlib.Path(temporary)
        inputs.write(directory)
        recording = Recording(programs.resolve(), directory)
        for case in commands.CASES:
            recording.command(case)
        for name, options, model, cases in requests_of_clients.SERVICES:
            recording.serve(name, options, model, cases)
    return recording


if __name__ == "__main__":
    main()
