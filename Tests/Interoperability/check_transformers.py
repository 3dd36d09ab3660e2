"""Trains a tiny checkpoint for every task with rubricator-train and loads each in Hugging Face's transformers.

    pip install -r ../Fixtures/checkpoints/requirements.txt     # Python 3.11, the versions pinned there
    python3 check_transformers.py PROGRAMS                      # the directory of rubricator and rubricator-train

`BertModel` must find all of its tensors, and `AutoModelForSequenceClassification` must give the probabilities of
`rubricator serve`, within 1e-5. `make test-transformers` does all of this.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, BertModel

HERE = Path(__file__).resolve().parent
BASE = HERE.parent / "Fixtures" / "checkpoints" / "uncased-single-f32"
PORT = 18473
WORDS = [
    "pain",
    "study",
    "we",
    "aimed",
    "trial",
    "of",
    "the",
    "dose",
    "was",
    "0.5",
    "mg",
    "higher",
    "therapy",
    "in",
    "women",
]
ROLES = ["BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS"]
SHORT = ["--epochs", "2", "--threads", "2", "--learning-rate", "1e-3", "--seed", "3"]


def sentences(draw, count):
    return [" ".join(draw.choices(WORDS, k=draw.randint(2, 7))) + "." for _ in range(count)]


def write_data(folder):
    """Writes invented data: 40 abstracts of five sentences, and 60 texts with one label and any number of labels."""
    draw = random.Random(4)
    with open(folder / "abstracts.txt", "w") as file:
        for number in range(40):
            file.write(f"###{number}\n")
            file.writelines(f"{role}\t{sentence}\n" for role, sentence in zip(ROLES, sentences(draw, 5), strict=True))
            file.write("\n")
    with open(folder / "texts.csv", "w") as file:
        file.write("text,label,groups\n")
        for number, text in enumerate(sentences(draw, 60)):
            file.write(f"{text},{'abc'[number % 3]},{['x', 'x|y', 'y', 'z'][number % 4]}\n")


def train(programs, folder, name, *options):
    out = folder / name
    command = [programs / "rubricator-train", "fit", "--base", BASE, "--out", out, *SHORT, *options]
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return out


def answers(programs, model, body):
    server = subprocess.Popen(
        [programs / "rubricator", "serve", "--model", model, "--port", str(PORT)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        request = urllib.request.Request(
            f"http://127.0.0.1:{PORT}/predict", json.dumps(body).encode(), {"content-type": "application/json"}
        )
        for _ in range(200):
            try:
                return json.load(urllib.request.urlopen(request))
            except (urllib.error.URLError, ConnectionError) as problem:
                if isinstance(problem, urllib.error.HTTPError) and problem.code != 503:
                    raise
                time.sleep(0.05)
        raise SystemExit("the service did not start in time")
    finally:
        server.terminate()
        server.wait()


def probabilities(model, texts, several):
    network = AutoModelForSequenceClassification.from_pretrained(model, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(model)
    names = [network.config.id2label[index] for index in range(network.config.num_labels)]
    with torch.no_grad():
        for text in texts:
            logits = network(**tokenizer(text, return_tensors="pt")).logits[0]
            scores = torch.sigmoid(logits) if several else torch.softmax(logits, 0)
            yield dict(zip(names, scores.tolist(), strict=True))


def check(name, expected, found):
    largest = max(abs(row[label] - other[label]) for row, other in zip(expected, found, strict=True) for label in row)
    assert len(expected) == len(found) and largest < 1e-5, f"{name}: differs by {largest}, expected below 1e-5"
    print(f"{name}: largest difference {largest:.1e} over {len(expected)} texts")


def main():
    programs = Path(sys.argv[1]).resolve()
    texts = sentences(random.Random(8), 12)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_data(folder)
        abstracts = ["--train", folder / "abstracts.txt"]
        table = ["--train", folder / "texts.csv", "--text-column", "text"]
        for storage in ("f32", "f16"):
            stored = ["--storage", storage]
            model = train(programs, folder, f"labeller-{storage}", "--task", "sequence-labelling", *abstracts, *stored)
            _, loading = BertModel.from_pretrained(model, output_loading_info=True)
            assert not loading["missing_keys"] and not loading["mismatched_keys"], loading
            print(f"sequence labeller, {storage}: BertModel found all its tensors")

            model = train(programs, folder, f"sentence-{storage}", "--task", "sentence", *abstracts, *stored)
            answer = answers(programs, model, {"abstract": " ".join(texts), "headings": "ignore"})
            found = [sentence["scores"] for sentence in answer["sentences"]]
            given = [sentence["text"] for sentence in answer["sentences"]]
            check(f"sentence, {storage}", list(probabilities(model, given, False)), found)

            for task, column in (
                ("text", ["--label-column", "label"]),
                ("multi-label-text", ["--label-column", "groups", "--label-separator", "|"]),
            ):
                model = train(programs, folder, f"{task}-{storage}", "--task", task, *table, *column, *stored)
                found = [row["proba"] for row in answers(programs, model, {"texts": texts})]
                check(f"{task}, {storage}", list(probabilities(model, texts, task != "text")), found)


main()
