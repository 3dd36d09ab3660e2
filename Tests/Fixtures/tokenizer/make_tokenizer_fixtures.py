"""Writes cases.jsonl and sweep.json, beside this file: the output of Hugging Face's BERT tokenizer for unusual texts.

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3
    venv/bin/python Tests/Fixtures/tokenizer/make_tokenizer_fixtures.py

The vocabulary contains every code point of the first three planes, alone and as a continuation, so that each normalised
code point and each offset is visible in the result. The tests build the same vocabulary.

cases.jsonl: seeded random texts under every combination of options, with ids and code-point offsets.
sweep.json: for every combination, a digest of ids and offsets for each block of 4,096 code points of those planes.
"""

import itertools
import json
import pathlib
import random

import tokenizers
from tokenizers import BertWordPieceTokenizer

PINNED = "0.23.3"
HERE = pathlib.Path(__file__).parent
LIMIT, BLOCK = 0x30000, 0x1000
COMBINATIONS = list(itertools.product((True, False), repeat=3))
SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

PROSE = [
    "BACKGROUND: Aspirin (acetylsalicylic acid) reduces TNF-α; its effect on IL‑6 is unclear.",
    "Ménière's disease and Sjögren's syndrome were excluded (n = 12, p < 0.05).",
    "The Ångström, the Kelvin (K) and the Ohm (Ω) are written Å, K and Ω.",
    "ŁÓDŹ İstanbul ǅungla ẞ Σίσυφος ЁЖИК",
    "μg/mL ± 10⁻³ … “quoted” 5′-UTR",
    "中文abc字 日本語テキスト 한국어 각",
    "[CLS] one [SEP][MASK]two [UNK]s [PAD",
    "x[MASK]y [mask] [ CLS ] [[SEP]]",
    "e\u0301\u0323 \u1e69 s\u0307\u0323",
]
RANGES = [
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x300, 0x36F),
    (0x370, 0x3FF),
    (0x400, 0x52F),
    (0x590, 0x6FF),
    (0x900, 0x97F),
    (0xB80, 0xDFF),
    (0xE00, 0xFFF),
    (0x1100, 0x11FF),
    (0x1A00, 0x1BFF),
    (0x1DC0, 0x1FFF),
    (0x2000, 0x206F),
    (0x2070, 0x2BFF),
    (0x3000, 0x30FF),
    (0x4E00, 0x4FFF),
    (0xA600, 0xABFF),
    (0xAC00, 0xACFF),
    (0xF900, 0xFAFF),
    (0xFB00, 0xFB4F),
    (0xFE00, 0xFFFF),
    (0x10800, 0x11FFF),
    (0x1D000, 0x1D24F),
    (0x1E000, 0x1E95F),
    (0x2F800, 0x2FA1F),
    (0, 0x1F),
    (0x7F, 0x9F),
    (0xE000, 0xE0FF),
]
# Marks that stripping keeps or removes, decompositions that end in either, and code points that cleaning removes.
MARKS = [
    0x1B44, 0x1BAA, 0x302E, 0x302F, 0xA953, 0x111C0, 0x1D15E, 0x1D160, 0x1D164, 0x1D1BB, 0x1D165, 0x1D16E, 0x334, 0x323,
    0x301, 0x345, 0x344, 0xF73, 0x34F, 0x10D24, 0x1E944, 0xAD, 0, 0x200B, 0x65, 0xE9, 0x1EA5, 0x41, 0x130, 0x20, 0x37E,
    0x1FEF, 0xAC01, 0xD7A3, 0x2D, 0x4E2D, 0xFA10, 0x2126, 0x340, 0x9DC, 0xFB1D,
]  # fmt: skip


def every_code_point():
    """Returns the tokens by id. The tests build the same vocabulary."""
    points = [chr(c) for c in range(0x21, LIMIT) if not 0xD800 <= c < 0xE000]
    return SPECIAL_TOKENS + points + ["##" + c for c in points]


def random_text(rnd):
    kind = rnd.random()
    if kind < 0.45:
        chosen = [rnd.choice(RANGES) for _ in range(rnd.randint(1, 3))] + [(0x20, 0x7E)]
        text = [chr(rnd.randint(*rnd.choice(chosen))) for _ in range(rnd.randint(1, 20))]
    elif kind < 0.95:
        text = [chr(rnd.choice(MARKS)) for _ in range(rnd.randint(1, 14))]
    else:
        text = [chr(rnd.choice([0x61, 0x301, 0xE9])) for _ in range(rnd.randint(95, 130))]
    if rnd.random() < 0.2:
        text.insert(rnd.randint(0, len(text)), rnd.choice([*SPECIAL_TOKENS, "[MASK", "##"]))
    return "".join(text)


def named(options):
    """Returns the options by their names in tokenizer_config.json."""
    return dict(zip(("do_lower_case", "strip_accents", "tokenize_chinese_chars"), options, strict=True))


def digest(encoding):
    """Returns an FNV-1a digest, computed over 64-bit words instead of bytes."""
    value = 0xCBF29CE484222325
    for piece, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
        for word in (piece, start, end):
            value = ((value ^ word) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def main():
    assert tokenizers.__version__ == PINNED, f"tokenizers is {tokenizers.__version__}, expected {PINNED}"
    pieces = {piece: number for number, piece in enumerate(every_code_point())}
    encoders = {
        options: BertWordPieceTokenizer(
            pieces, lowercase=options[0], strip_accents=options[1], handle_chinese_chars=options[2]
        )
        for options in COMBINATIONS
    }

    rnd = random.Random(20)
    with open(HERE / "cases.jsonl", "w", encoding="utf-8") as file:
        for options, encoder in encoders.items():
            for text in PROSE + [random_text(rnd) for _ in range(120)]:
                encoding = encoder.encode(text, add_special_tokens=False)
                row = {
                    "text": text,
                    **named(options),
                    "ids": encoding.ids,
                    "offsets": [list(offsets) for offsets in encoding.offsets],
                }
                file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")

    sweep = []
    for options, encoder in encoders.items():
        digests = []
        for block in range(0, LIMIT, BLOCK):
            points = [chr(c) for c in range(block, block + BLOCK) if not 0xD800 <= c < 0xE000]
            text = "".join(f"a{c}B\u0301{c}\u0334 " for c in points)
            digests.append(digest(encoder.encode(text, add_special_tokens=False)))
        sweep.append({**named(options), "digests": digests})
    (HERE / "sweep.json").write_text(json.dumps(sweep, indent=1) + "\n")


if __name__ == "__main__":
    main()
