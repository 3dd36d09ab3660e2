r"""Lists every error message of the Swift sources in Tests/Snapshots/messages.txt. Needs no build.

    python3 Tests/Snapshots/messages.py             write the list
    python3 Tests/Snapshots/messages.py --check     exit 1 if the list is out of date
    python3 Tests/Snapshots/messages.py --others    print the texts that the rules leave out, to check the rules

A message is a string literal with a word and a space, and no SQL, in one of these places:
- a `throw` statement, or the body of a `catch`
- the arguments of a call that makes or reports an error: an error type, a case of an error enumeration, a function that
  returns an error, or a name in MAKERS
- the body of an error type, of a function that returns an error, or of a type in TYPES, whose words end up in messages
- the value of an argument, variable or function in VALUES, of one that a message of the same file interpolates, or of a
  function that a `throw` statement calls
- a text that begins with "warning: "
Interpolations stand in braces, line breaks are \n, and literals joined by + are one message.

Not covered: messages of libraries, such as the argument parser and the operating system; words that come from another
file or through a parameter, unless their type is in TYPES; failed preconditions; progress reports; web pages.
"""

import difflib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("messages.txt")
MAKERS = """CorpusColumn Error ValidationError complain ended endingProgram unavailable warn differences.append
    faults.append problems.append warnings.append logger.critical logger.error logger.warning""".split()
TYPES = set("CheckpointFormat JSONValue Kind NumberRange PickleGlobal PickleOpcode PickleValue UnknownFile".split())
VALUES = set("differences failure foreignKind problem reason".split())
TYPE_KEYWORDS, VALUE_KEYWORDS = set("actor class enum extension protocol struct".split()), set("func let var".split())

QUOTE = re.compile(r'(#*)("""|")')
PLUS = re.compile(r'\s*\+\s*(?=#*")')
# A line break beside an operator ends no statement.
SKIPPED = re.compile(r"(?://[^\n]*|/\*.*?\*/|[ \t]+|\n\s*(?=[.?:+])|(?<=[=:?+>])\n\s*)*", re.DOTALL)
TOKEN = re.compile(r"\w+|->|==|.", re.DOTALL)
ESCAPES = {"n": r"\n", "r": r"\r", "t": r"\t", "0": r"\0", "\n": ""}
# Parts of interpolations that say nothing to readers
NOISE = r'(unsafe|try) |\bSelf\.|\.map\(\\\.\w+\)|\.joined\(separator: "[^"]*"\)|\.(debugDescription|excerpt|rawValue)'


def is_message(token: str) -> bool:
    words = re.sub(r"\{[^{}]*\}", "", token[1:]).strip()
    is_text = " " in words and re.search(r"[^\W\d_]{2}", words) is not None
    return token.startswith('"') and is_text and not token.startswith('"SELECT ')


def read_literal(text: str, start: int) -> tuple[str, int]:
    """Returns the value of the string literals that begin at an index and are joined by +, and the index after them."""
    opening = QUOTE.match(text, start)
    escape, end = "\\" + opening[1], opening[2] + opening[1]
    at, value = opening.end(), ""
    while not text.startswith(end, at):
        escaped = text.startswith(escape, at)
        at += len(escape) if escaped else 0
        if escaped and text[at] == "(":
            first, depth = at + 1, 1
            while depth:
                at += 1
                while QUOTE.match(text, at):
                    at = read_literal(text, at)[1]
                depth += {"(": 1, ")": -1}.get(text[at], 0)
            value += "{" + re.sub(NOISE, "", " ".join(text[first:at].split())) + "}"
        else:
            value += ESCAPES.get(text[at], text[at]) if escaped else text[at]
        at += 1
    if "\n" in value:
        value = re.sub(" +", " ", r"\n".join(line.strip() for line in value.split("\n")[1:-1]))
    plus = PLUS.match(text, at + len(end))
    rest, at = read_literal(text, plus.end()) if plus else ("", at + len(end))
    return value + rest, at


class Source:
    """The tokens of a file, where literals begin with a quotation mark, and the index of each closing bracket."""

    def __init__(self, path: Path) -> None:
        self.module, self.name = str(path.relative_to(ROOT / "Sources")).split("/", 1)
        self.tokens: list[str] = []
        self.closing: dict[int, int] = {}
        text, at, opened = path.read_text(), 0, []
        while (at := SKIPPED.match(text, at).end()) < len(text):
            if QUOTE.match(text, at):
                value, at = read_literal(text, at)
                token = f'"{value}'
            else:
                token = TOKEN.match(text, at)[0]
                at += len(token)
                if token in "([{":
                    opened.append(len(self.tokens))
                elif token in ")]}":
                    self.closing[opened.pop()] = len(self.tokens)
            self.tokens.append(token)
        self.declarations = list(self.read_declarations())

    def end(self, at: int, stops: str = "\n") -> int:
        """The index of the line break, other stop or closing bracket that ends the statement around an index."""
        while at < len(self.tokens) and self.tokens[at] not in ")]}" + stops:
            at = self.closing.get(at, at) + 1
        return at

    def read_declarations(self) -> Iterator[tuple[str, str, list[str], range]]:
        """Yields the keyword, the name, the words outside brackets from there on, and the body or value."""
        for start, keyword in enumerate(self.tokens[:-1]):
            if keyword in TYPE_KEYWORDS | VALUE_KEYWORDS and self.tokens[start + 1].isidentifier():
                at, words = start + 1, []
                while self.tokens[at] not in {"{", "}", "=", *TYPE_KEYWORDS, *VALUE_KEYWORDS}:
                    words.append(self.tokens[at])
                    at = self.closing.get(at, at) + 1
                end = self.closing[at] if self.tokens[at] == "{" else self.end(at) if self.tokens[at] == "=" else at
                # The last part of a dotted name
                name = re.match(r"\w+(?: \. \w+)*", " ".join(words))[0].split()[-1]
                yield keyword, name, words, range(at, end)

    def messages(self, errors: set[str], makers: set[str]) -> set[int]:
        """The indices of the tokens in the places that hold messages."""
        found, used = set(), set()
        for keyword, name, words, body in self.declarations:
            if name in errors | TYPES | VALUES or (keyword == "func" and words[-1] in errors):
                found.update(body)
        for at, token in enumerate(self.tokens):
            before, dotted = self.tokens[at - 1], "".join(self.tokens[at - 2 : at])
            if token == "throw":
                found.update(range(at, self.end(at)))
                used.update(self.tokens[i] for i in range(at, self.end(at)) if self.tokens[i + 1 : i + 2] == ["("])
            elif token == "catch":
                body = self.tokens.index("{", at)
                found.update(range(body, self.closing[body]))
            elif token == "(" and makers & {before, dotted, self.tokens[at - 3] + dotted}:
                found.update(range(at, self.closing[at]))
            elif token in (":", "=") and before in VALUES:
                found.update(range(at, self.end(at, "\n,")))
            elif token.startswith('"warning: '):
                found.add(at)
        size = -1
        while size < len(found):
            size = len(found)
            for text in (self.tokens[at] for at in found if is_message(self.tokens[at])):
                used.update(re.findall(r"\w+", "".join(re.findall(r"\{[^{}]*\}", text))))
            for keyword, name, _, body in self.declarations:
                if keyword in VALUE_KEYWORDS and name in used:
                    found.update(body)
        return found


def listed(sources: list[Source], others: bool = False) -> str:
    """The messages, or the other texts, under headings for modules and files."""
    declared = [(source, *declaration) for source in sources for declaration in source.declarations]
    errors = {name for _, keyword, name, words, _ in declared if keyword in TYPE_KEYWORDS and "Error" in words}
    makers = errors | set(MAKERS)
    for source, keyword, name, words, body in declared:
        if keyword == "func" and words[-1] in errors | {"Error"}:
            makers.add(name)
        elif keyword == "enum" and name in errors:
            makers |= {f".{source.tokens[at + 1]}" for at in body if source.tokens[at] == "case"}
    lines, module = [], ""
    for source in sources:
        found = source.messages(errors, makers)
        chosen = (text for at, text in enumerate(source.tokens) if (at in found) != others)
        texts = [text[1:].strip() for text in chosen if is_message(text)]
        if texts:
            lines += [f"=== {source.module}", ""] if source.module != module else []
            lines += [f"--- {source.name}", *dict.fromkeys(texts), ""]
            module = source.module
    return "\n".join(lines)


def main() -> None:
    sources = [Source(path) for path in sorted((ROOT / "Sources").rglob("*.swift"))]
    if sys.argv[1:] == ["--others"]:
        print(listed(sources, others=True))
    elif sys.argv[1:] == ["--check"]:
        old, new = LIST.read_text().splitlines(True), listed(sources).splitlines(True)
        sys.stdout.writelines(difflib.unified_diff(old, new, str(LIST.relative_to(ROOT)), "the Swift sources"))
        if old != new:
            sys.exit("The error messages have changed. If that is intended, run python3 Tests/Snapshots/messages.py.")
    else:
        LIST.write_text(listed(sources))


if __name__ == "__main__":
    main()
