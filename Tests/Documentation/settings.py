"""Makes Documentation/settings.md from the help that Tests/Snapshots/help.txt holds.

python3 Tests/Documentation/settings.py            write the page
python3 Tests/Documentation/settings.py --check    exit 1 where the page differs
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parents[2]
PAGE = ROOT / "Documentation/settings.md"
HEAD = """# Settings

The options of the service and of training, with their defaults. `--help` of each command prints the same; both come
from one table in the program. `make snapshots` makes this page.
"""
COMMANDS = {
    "rubricator serve": "Every option can also be set in the environment, for example `RUBRICATOR_PORT` for `--port`.",
    "rubricator-train fit": "`compare` and `tune` have the same recipe, corpus and tracking options.",
}


def options(help_text):
    """Yields (section, option, text) from a help text."""
    section, option, words = "", None, []
    for line in help_text.splitlines():
        heading = re.fullmatch(r"([A-Z][A-Z ]+):", line)
        start = re.match(r"  (--[a-z0-9-]+)( <[^>]+>)?( +(.*))?$", line)
        if (heading or start) and option:
            yield section, option, " ".join(words)
            option = None
        if heading:
            section = heading[1].capitalize()
        elif start:
            option, words = start[1], [start[4]] if start[4] else []
        elif option and line.strip():
            words.append(line.strip())
    if option:
        yield section, option, " ".join(words)


def wrapped(option, text, default):
    """A list item, wrapped at 120 characters."""
    line, lines = f"- `{option}`:", []
    for word in f"{text}{f' Default: {default}.' if default else ''}".split():
        if len(line) + 1 + len(word) > 120:
            lines.append(line)
            line = " "
        line += f" {word}"
    return "\n".join([*lines, line])


def page():
    snapshot = (ROOT / "Tests/Snapshots/help.txt").read_text()
    entries = dict(entry.split("\n", 1) for entry in re.split(r"^=== ", snapshot, flags=re.MULTILINE)[1:])
    parts = [HEAD]
    for command, note in COMMANDS.items():
        parts.append(f"## {command}\n{note}\n")
        last = None
        for section, option, words in options(entries[f"{command} --help"]):
            if option in ("--help", "--version"):
                continue
            if section != last:
                parts.append(f"### {command}: {section.lower()}\n")
                last = section
            text = re.sub(r"https://\S+[a-z]", r"`\g<0>`", re.sub(r" \(values: [^)]*\)", "", words))
            found = re.search(r" ?\((?:values: [^)]*; )?default: ([^()]*(?:\([^()]*\))?[^()]*)\)", text)
            default = found[1] if found else ""
            sentence = (text.replace(found[0], "") if found else text).replace("*", r"\*").replace("<", r"\<")
            parts.append(wrapped(option, sentence if sentence.endswith(".") else sentence + ".", default))
        parts.append("")
    text = "\n".join(parts).rstrip() + "\n"
    # A list needs an empty line before the heading that follows it.
    return re.sub(r"(?<=[^\n])\n(#+ )", r"\n\n\1", text)


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if PAGE.read_text() != page():
            sys.exit(f"{PAGE.relative_to(ROOT)} is out of date; run make snapshots.")
    else:
        PAGE.write_text(page())
