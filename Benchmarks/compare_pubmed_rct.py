#!/usr/bin/env python3
"""Evaluate checkpoints on the test file of PubMed RCT and print the scores beside those of published systems.

First train on the official files, then compare. Most papers use the variant in which numbers are masked with @:

    rubricator-train fit --base BERT --train PubMed_20k_RCT_numbers_replaced_with_at_sign/train.txt \\
        --dev PubMed_20k_RCT_numbers_replaced_with_at_sign/dev.txt --exact-share 1 --out pubmed-20k
    Benchmarks/compare_pubmed_rct.py .build/release/rubricator PubMed_20k_RCT_numbers_replaced_with_at_sign/test.txt \\
        pubmed-20k Models

`--exact-share 1` trains on the labels exactly as given: in PubMed RCT, only the label of the author's heading is
correct.
"""

import argparse
import json
import subprocess
import sys
import tempfile

# Micro F1 of sentences in percent, on the test sets of PubMed 20k RCT and PubMed 200k RCT. These figures have not been
# checked against the papers. Check them before citing them.
PUBLISHED = [
    ("Dernoncourt & Lee 2017, character and word embeddings, CRF", 90.0, 91.6),
    ("Jin & Szolovits 2018, hierarchical network with a CRF", 92.6, 93.9),
    ("Cohan et al. 2019, SciBERT, all sentences together", 92.9, None),
    ("Yamada et al. 2020, BERT with a semi-Markov CRF", 93.1, None),
]


def abstracts(path):
    """Yield (id, [(label, sentence)]) for each abstract of a file in PubMed RCT's own format."""
    identifier, sentences = None, []
    with open(path, encoding="utf-8") as lines:
        for number, terminated in enumerate(lines, 1):
            line = terminated.rstrip("\n")
            if line.startswith("###"):
                if sentences:
                    yield identifier, sentences
                identifier, sentences = line[3:].strip(), []
            elif line.strip():
                label, tab, sentence = line.partition("\t")
                if not tab:
                    sys.exit(f"{path}, line {number}: expected a label, a tab and a sentence; found {line[:40]!r}.")
                sentences.append((label, sentence))
    if sentences:
        yield identifier, sentences


def json_line(identifier, sentences):
    text, spans = "", []
    for label, sentence in sentences:
        start = len(text) + 1 if text else 0
        text = f"{text} {sentence}" if text else sentence
        spans.append({"label": label, "start": start, "end": len(text)})
    return json.dumps({"id": identifier, "text": text, "sections": spans, "sentences": spans})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="path of the rubricator program")
    parser.add_argument("test", help="test.txt of PubMed RCT")
    parser.add_argument("checkpoints", nargs="+", help="checkpoint directories to evaluate")
    parser.add_argument("--precision", default="float32", help="float32, bfloat16 or int8 (default: float32)")
    arguments = parser.parse_args()
    rows = []
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as corpus:
        for identifier, sentences in abstracts(arguments.test):
            corpus.write(json_line(identifier, sentences) + "\n")
        corpus.flush()
        for checkpoint in arguments.checkpoints:
            command = [arguments.program, "evaluate", "--json", "--model", checkpoint]
            command += ["--precision", arguments.precision, corpus.name]
            figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            scores = figures["sentences"]
            rows.append((checkpoint, scores["micro_f1"], scores["macro_f1"], figures["abstracts"], scores["total"]))
    print(f"{arguments.test}: {rows[0][3]} abstracts, {rows[0][4]} sentences\n")
    print("| system | micro F1 | macro F1 | published: 20k | 200k |\n|---|---|---|---|---|")
    for name, micro, macro, _, _ in rows:
        print(f"| {name} | {100 * micro:.1f} | {100 * macro:.1f} | | |")
    for name, small, large in PUBLISHED:
        print(f"| {name} | | | {small} | {'' if large is None else large} |")


main()
