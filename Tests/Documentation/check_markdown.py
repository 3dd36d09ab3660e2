"""Checks the Markdown files for broken links and long lines. `make lint` runs it on every file that git knows.

    python3 check_markdown.py [FILE ...]

- Every relative link leads to an existing file, and every anchor to a heading, whose name is formed as on GitHub.
- No line is longer than 120 characters. Code blocks are exempt, and so are the targets of links in tables.
- README.md has at most 150 lines.
"""

import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
LONGEST_LINE = 120
MOST_LINES = {ROOT / "README.md": 150}

FENCE = re.compile(r"\s*(?:[-*+] +|\d+[.)] +)?(`{3,}|~{3,})")
LIST_ITEM = re.compile(r"\s*([-*+]|\d+[.)])\s")
HEADING = re.compile(r" {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# [text](target "title"), where the text may contain an image, which is a link too; and [name]: target.
LINK = re.compile(r"\]\(\s*(?:<([^>\n]*)>|([^\s()]*(?:\([^\s()]*\)[^\s()]*)*))(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")
DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)", re.MULTILINE)
HTML_LINK = re.compile(r"<(?:a|img|source)\b[^>]*?\b(?:href|src|srcset)\s*=\s*[\"']([^\"'\s]+)", re.IGNORECASE)
HTML_ANCHOR = re.compile(r"<[a-z][a-z0-9]*\b[^>]*?\b(?:id|name)\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
LINE_ANCHOR = re.compile(r"L\d+(-L\d+)?")


@cache
def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


@cache
def code_lines(path):
    """The indices of the lines in fenced or indented code blocks."""
    code, fence, in_list, may_indent = set(), None, False, True
    for index, line in enumerate(lines_of(path)):
        opening = FENCE.match(line)
        if fence:
            code.add(index)
            if opening and opening[1].startswith(fence) and line.strip() == opening[1]:
                fence = None
        elif opening:
            code.add(index)
            fence, may_indent = opening[1], True
        elif not line.strip():
            may_indent = True
        elif line.startswith("    ") and may_indent and not in_list:
            code.add(index)
        else:
            may_indent = False
            in_list = bool(LIST_ITEM.match(line)) or (in_list and line.startswith(" "))
    return code


@cache
def prose(path):
    """The file's text with everything blanked out that is code or a comment; line numbers stay the same."""

    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])

    code = code_lines(path)
    text = "\n".join("" if index in code else line for index, line in enumerate(lines_of(path)))
    return COMMENT.sub(blank, CODE_SPAN.sub(blank, text))


@cache
def anchors(path):
    """The fragments that GitHub gives the headings of a file, and those that its HTML names."""
    found, seen = set(HTML_ANCHOR.findall(prose(path))), Counter()
    code = code_lines(path)
    for index, line in enumerate(lines_of(path)):
        heading = None if index in code else HEADING.match(line)
        if not heading:
            continue
        title = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading[1])
        title = re.sub(r"<[^>]+>", "", title)
        name = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


def links(path):
    """Yields (line number, target) for every link in the prose of a file."""
    text = prose(path)
    for pattern in (LINK, DEFINITION, HTML_LINK):
        for match in pattern.finditer(text):
            target = next((group for group in match.groups() if group is not None), "")
            yield text.count("\n", 0, match.start()) + 1, target


def fault_of_link(path, target):
    """Says what is wrong with a link, or returns None."""
    if ABSOLUTE.match(target):
        return None
    file, _, fragment = unquote(target).partition("#")
    if not file and not fragment:
        return "the link has no target"
    there = (path.parent / file).resolve() if file else path
    if file.startswith("/") or not there.is_relative_to(ROOT):
        return f"{target}: expected a path relative to this file and inside the repository"
    if not there.exists():
        return f"{target}: there is no such file"
    if not fragment:
        return None
    if there.suffix != ".md":
        return None if LINE_ANCHOR.fullmatch(fragment) else f"{target}: only Markdown files have anchors"
    return None if fragment in anchors(there) else f"{target}: no heading of {there.relative_to(ROOT)} has this anchor"


def faults_of_lines(path):
    code = code_lines(path)
    for index, line in enumerate(lines_of(path)):
        if index in code:
            continue
        # A table's row cannot be wrapped, so its links are measured by their text alone.
        shown = LINK.sub("]", line) if line.lstrip().startswith("|") else line
        if len(shown) > LONGEST_LINE and " " in shown.strip():
            yield index + 1, f"the line has {len(shown)} characters; expected at most {LONGEST_LINE}"
    most = MOST_LINES.get(path)
    if most is not None and len(lines_of(path)) > most:
        yield most + 1, f"the file has {len(lines_of(path))} lines; expected at most {most}"


def faults(path):
    """Yields (line number, message)."""
    for number, target in links(path):
        fault = fault_of_link(path, target)
        if fault:
            yield number, fault
    yield from faults_of_lines(path)


def known_files():
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for path in (ROOT / name for name in listed.split("\0") if name) if path.exists()]


def main(names):
    found = 0
    for path in [Path(name).resolve() for name in names] or known_files():
        for number, message in sorted(faults(path)):
            print(f"{path.relative_to(ROOT)}:{number}: {message}")
            found += 1
    if found:
        sys.exit(f"{found} faults in Markdown files")


if __name__ == "__main__":
    main(sys.argv[1:])
