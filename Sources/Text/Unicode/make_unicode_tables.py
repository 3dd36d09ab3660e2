"""Generates UnicodeTables.swift, beside this file: the effect of BERT's normaliser and pre-tokeniser on code points.

The tables do not come from one version of Unicode. Every code point is passed through the library whose token ids we
must reproduce, because that library mixes several versions (its non-spacing marks are older than its decompositions).

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3
    venv/bin/python Sources/Text/Unicode/make_unicode_tables.py
"""

import functools
import pathlib

import tokenizers
from tokenizers.normalizers import NFD, BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

PINNED = "0.23.3"
HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def bert(**enabled):
    """Returns the normaliser with only the named steps enabled."""
    steps = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False}
    return BertNormalizer(**(steps | enabled)).normalize_str


nfd = NFD().normalize_str
clean, space_out = bert(clean_text=True), bert(handle_chinese_chars=True)
strip_accents, lowercase = bert(strip_accents=True), bert(lowercase=True)


def is_isolated(c):
    return [piece for piece, _ in BertPreTokenizer().pre_tokenize_str(f"a{chr(c)}a")] == ["a", chr(c), "a"]


def canonical_order(first, second):
    """Returns -1, 0 or 1 if the class of non-starter `first` is below, equal to or above that of `second`."""
    if nfd(first + second) != first + second:
        return 1
    return -1 if nfd(second + first) != second + first else 0


def combining_ranks(decompositions):
    """Returns {non-starter: rank of its combining class, from 1}, inferred from how canonical ordering swaps pairs."""
    lowest, highest = "\u0334", "\u0345"  # classes 1 and 240
    marks = [
        chr(c)
        for c in CODE_POINTS
        if c not in decompositions
        and (nfd(chr(c) + lowest) != chr(c) + lowest or nfd(highest + chr(c)) != highest + chr(c))
    ]
    ranks, rank, previous = {}, 0, None
    for mark in sorted(marks, key=functools.cmp_to_key(canonical_order)):
        if previous is None or canonical_order(previous, mark) != 0:
            rank += 1
        ranks[ord(mark)], previous = rank, mark
    return ranks


def ranges(members):
    """Returns the ranges of `members` as a flat list [first, last, first, last, …]."""
    flat = []
    for c in sorted(members):
        if flat and flat[-1] == c - 1:
            flat[-1] = c
        else:
            flat += [c, c]
    return flat


def valued_ranges(values):
    """Returns the ranges of equal values as a flat list [first, last, value, …], from {code point: value}."""
    flat = []
    for c, value in sorted(values.items()):
        if flat and flat[-2] == c - 1 and flat[-1] == value:
            flat[-2] = c
        else:
            flat += [c, c, value]
    return flat


def lowercase_runs(mapping):
    """Returns [first, last, stride, first mapped, …]: code points at a fixed stride with the same shift."""
    runs = []
    for c, mapped in sorted(mapping.items()):
        if runs:
            first, last, stride, target = runs[-1]
            if mapped - c == target - first and c - last <= 2 and (first == last or c - last == stride):
                runs[-1] = [first, c, c - last, target]
                continue
        runs.append([c, c, 1, mapped])
    return [number for run in runs for number in run]


def swift_array(name, summary, numbers):
    lines, line = [], "       "
    for number in numbers:
        item = f" {number:#x}," if number > 9 else f" {number},"
        if len(line) + len(item) > 120:
            lines.append(line)
            line = "       "
        line += item
    lines.append(line)
    return f"    /// {summary}\n    static let {name}: [UInt32] = [\n" + "\n".join(lines) + "\n    ]\n"


def main():
    assert tokenizers.__version__ == PINNED, f"tokenizers is {tokenizers.__version__}, expected {PINNED}"
    cleaned = {c: clean(f"a{chr(c)}a") for c in CODE_POINTS}
    removed = [c for c, text in cleaned.items() if text == "aa"]
    whitespace = [c for c, text in cleaned.items() if text == "a a"]
    assert all(text in ("aa", "a a", f"a{chr(c)}a") for c, text in cleaned.items())

    decompositions = {c: nfd(chr(c)) for c in CODE_POINTS if nfd(chr(c)) != chr(c)}
    stripped = [c for c in CODE_POINTS if c not in decompositions and strip_accents(chr(c)) == ""]
    marks = {chr(c) for c in stripped}
    for c in CODE_POINTS:
        expected = "".join(x for x in decompositions.get(c, chr(c)) if x not in marks)
        assert strip_accents(chr(c)) == expected, f"U+{c:04X}"

    ranks = combining_ranks(decompositions)
    for c, text in decompositions.items():  # CharacterRules relies on this
        survives = any(ord(x) in ranks and x not in marks for x in text)
        assert not survives or (ord(text[0]) not in ranks and all(ord(x) in ranks for x in text[1:])), f"U+{c:04X}"
    decomposed = []
    for c, text in sorted(decompositions.items()):
        if c in HANGUL_SYLLABLES:  # computed: Unicode, section 3.12
            s = c - HANGUL_SYLLABLES.start
            jamo = [0x1100 + s // 588, 0x1161 + s % 588 // 28] + ([0x11A7 + s % 28] if s % 28 else [])
            assert [ord(x) for x in text] == jamo, f"U+{c:04X}"
        else:
            decomposed += [c, len(text), *map(ord, text)]

    lowered = {c: lowercase(chr(c)) for c in CODE_POINTS if lowercase(chr(c)) != chr(c)}
    one = {c: ord(text) for c, text in lowered.items() if len(text) == 1}
    several = [n for c, text in sorted(lowered.items()) if len(text) > 1 for n in (c, len(text), *map(ord, text))]

    tables = [
        ("removed", "Code points that `clean_text` removes, as ranges: first, last.", ranges(removed)),
        (
            "whitespace",
            "Code points that `clean_text` turns into a space, as ranges: first, last.",
            ranges(whitespace),
        ),
        (
            "chineseCharacters",
            "Code points that `handle_chinese_chars` surrounds with spaces, as ranges: first, last.",
            ranges(c for c in CODE_POINTS if space_out(chr(c)) == f" {chr(c)} "),
        ),
        (
            "punctuation",
            "Code points that the pre-tokeniser makes words of their own, as ranges: first, last.",
            ranges(c for c in CODE_POINTS if is_isolated(c) and c not in whitespace),
        ),
        (
            "nonspacingMarks",
            "Code points that `strip_accents` removes after decomposition, as ranges: first, last.",
            ranges(stripped),
        ),
        (
            "combiningClasses",
            "Non-starters with the rank of their canonical combining class, as ranges: first, last, rank.",
            valued_ranges(ranks),
        ),
        (
            "decompositions",
            "Full canonical decompositions except Hangul syllables: code point, length, that many code points.",
            decomposed,
        ),
        (
            "lowercaseRuns",
            "Lowercase mappings to one code point: first, last, stride, first mapped code point.",
            lowercase_runs(one),
        ),
        (
            "lowercaseExpansions",
            "Lowercase mappings to several code points: code point, length, that many code points.",
            several,
        ),
    ]
    body = "\n".join(swift_array(*table) for table in tables)
    (pathlib.Path(__file__).parent / "UnicodeTables.swift").write_text(
        "// swift-format-ignore-file\n"
        f"// Generated by make_unicode_tables.py from tokenizers {PINNED}. Do not edit; change the script instead.\n\n"
        "/// The effect of BERT's normaliser and pre-tokeniser on each code point, as flat lists of numbers.\n"
        "enum UnicodeTables {\n" + body + "}\n"
    )


if __name__ == "__main__":
    main()
