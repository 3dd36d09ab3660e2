"""Computes the contents of a checkpoint's expected.json with PyTorch and transformers."""

import itertools
import json
import math
import os
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy
import torch
from transformers import AutoTokenizer, BertForSequenceClassification, BertModel
from transformers.utils import logging

logging.set_verbosity_error()
logging.disable_progress_bar()

# ---------------------------------------------------------------------------------------------------------------------
# Texts

TEXTS = [
    "We aimed to compare daily insulin with placebo in adults with diabetes.",
    "",
    " ",
    "p",
    "Mortality was lower in the treatment group (hazard ratio 0.72, 95% CI 0.58–0.90; p=0.004).",
    "NAÏVE patients at the Café: naïve, café, e\u0301tude, ﬁbrosis, Å, ß, İ.",
    "TNF-α ≥ 3.5 µg/mL, ±0.2°, CO₂, 10⁻³; “double-blind”…",
    "中文 abstract, mixed日本 text 😀, zero\u200bwidth and nbsp\u00a0here.",
    "!!! ... --- ((([[[]]]))) ###",
    "RESULTS: HbA1c decreased by 1.2% (DNA, RNA, MRI); no significant difference between groups.",
    "BACKGROUND. " + "The association between blood pressure, age and stroke risk was not significant. " * 6,
    "pneumonoultramicroscopicsilicovolcanoconiosis " * 3 + "x" * 120,
    "Conclusions: vaccine safety was confirmed in\tchildren\nand women,\r\nbut not in men.",
]

ABSTRACTS = {
    # With windows of 48 tokens and sentences of 14, `exact` fills a window completely.
    "short": ["Pain is common after surgery.", "We compared drug therapy with placebo.", "Pain was lower after drug."],
    "one": ["No data."],
    "exact": ["a b c d e f g h i j k l m n", "n m l k j i h g f e d c b a", "1 2 3 4 5 6 7 8 9 0 1 2 3 4", "a"],
    "one-over": ["a b c d e f g h i j k l m n", "n m l k j i h g f e d c b a", "1 2 3 4 5 6 7 8 9 0 1 2 3 4", "a b"],
    "long": [
        "Stroke is associated with high blood pressure, but the effect of treatment in older adults is not clear.",
        "We aimed to compare daily treatment with placebo.",
        "Patients aged 65 years were randomized.",
        "",
        "The primary outcome was death or stroke after 24 months; naïve patients (α ≥ 0.5) were not assigned.",
        "Death was lower in the treatment group (hazard ratio 0.72, 95% CI 0.58–0.90).",
        "No adverse events.",
        "!",
        "Treatment decreased the risk of stroke.",
        "中文 😀 results.",
    ],
    "empty-sentences": ["", " ", "The end."],
}
ROLES = ["BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS"]


# ---------------------------------------------------------------------------------------------------------------------
# expected.json


def rounded(value: object) -> object:
    """Returns `value` with floats rounded to 9 significant digits, which restore a float32 exactly."""
    if isinstance(value, float):
        assert math.isfinite(value)
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return value


def write_expected(directory: Path, value: dict) -> None:
    """Writes expected.json with one line for each key or list item, so that differences are readable."""
    lines = []
    value = rounded({"generator": "make_checkpoints.py"} | value)
    for key in sorted(value):
        item = value[key]
        if isinstance(item, list) and item and isinstance(item[0], dict):
            body = ",\n".join("  " + json.dumps(x, sort_keys=True, ensure_ascii=False) for x in item)
            lines.append(f"{json.dumps(key)}: [\n{body}\n]")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(item, sort_keys=True, ensure_ascii=False)}")
    (directory / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


# ---------------------------------------------------------------------------------------------------------------------
# Text classifiers


def load(kind: type, directory: Path, **config: object) -> torch.nn.Module:
    """Loads a network with transformers, in float32. Fails if a parameter is missing from the files."""
    model, report = kind.from_pretrained(
        directory, dtype=torch.float32, attn_implementation="eager", output_loading_info=True, **config
    )
    assert not report["missing_keys"] and not report["mismatched_keys"], report
    return model.eval()


def expect_classification(directory: Path, thresholds: dict[str, float] | None = None, **config: object) -> None:
    model = load(BertForSequenceClassification, directory, **config)
    tokenizer = AutoTokenizer.from_pretrained(directory)
    longest = model.config.max_position_embeddings
    labels = [model.config.id2label[i] for i in range(model.config.num_labels)]
    examples = []
    for text in TEXTS:
        whole = tokenizer(text)["input_ids"]
        ids = tokenizer(text, truncation=True, max_length=longest)["input_ids"]
        logits = model(input_ids=torch.tensor([ids])).logits[0]
        if thresholds is None:
            probabilities = torch.softmax(logits, dim=-1).tolist()
            best = sorted(probabilities)
            assert best[-1] - best[-2] > 1e-3, "a near tie would make the expected label depend on rounding"
            predicted = [labels[probabilities.index(best[-1])]]
        else:
            probabilities = torch.sigmoid(logits).tolist()
            assert all(abs(p - thresholds[x]) > 1e-3 for x, p in zip(labels, probabilities, strict=True))
            predicted = [x for x, p in zip(labels, probabilities, strict=True) if p >= thresholds[x]]
        examples.append(
            {
                "text": text,
                "ids": ids,
                "truncated": len(whole) > longest,
                "logits": logits.tolist(),
                "probabilities": probabilities,
                "predicted": predicted,
            }
        )
    # Packed batches must agree with the same texts in one padded batch.
    batch = tokenizer(TEXTS, truncation=True, max_length=longest, padding=True, return_tensors="pt")
    alone = torch.tensor([example["logits"] for example in examples])
    assert torch.allclose(model(**batch).logits, alone, atol=2e-5), "padding changes the results"
    assert any(e["truncated"] for e in examples) and len({tuple(e["predicted"]) for e in examples}) > 1
    assert alone.std(dim=0).max() > 0.5 and alone.abs().max() < 12, alone
    expected = {"labels": labels, "max_length": longest, "examples": examples}
    expected["problem_type"] = "multi_label_classification" if thresholds else "single_label_classification"
    write_expected(directory, expected | ({"thresholds": thresholds} if thresholds else {}))
    print(f"{directory.name:32} logits {alone.min():6.2f} … {alone.max():5.2f}  {attention_peak(model, batch):.2f}")


def attention_peak(model: torch.nn.Module, batch: dict) -> float:
    """Returns the mean over all rows of the largest attention weight, which is 1/length for uniform attention."""
    length = int(batch["attention_mask"][4].sum())
    result = model(input_ids=batch["input_ids"][4:5, :length], output_attentions=True)
    return float(torch.stack([weights.max(dim=-1).values.mean() for weights in result.attentions]).mean())


# ---------------------------------------------------------------------------------------------------------------------
# Sequence labellers


def disjoint_ranges(lengths: list[int], capacity: int) -> list[range]:
    """Returns the sentences of each window. A sentence that exceeds the capacity begins the next window."""
    ranges, first = [], 0
    for end in range(1, len(lengths) + 1):
        if end == len(lengths) or sum(lengths[first : end + 1]) > capacity:
            ranges.append(range(first, end))
            first = end
    return ranges


def overlapping_ranges(lengths: list[int], capacity: int) -> list[range]:
    """Returns as many windows, filled and evenly spaced, such that the last one reaches the end."""
    count, space = len(lengths), sum(lengths) - capacity
    backwards = disjoint_ranges(lengths[::-1], capacity)
    ranges = []
    for window, reversed_range in enumerate(backwards[::-1]):
        first = count - reversed_range.stop
        while sum(lengths[:first]) < space * window // (len(backwards) - 1) and first < ranges[-1].stop:
            first += 1
        end = first
        while end < count and sum(lengths[first : end + 1]) <= capacity:
            end += 1
        ranges.append(range(first, end))
    return ranges


def windows(pieces: list[list[int]], cls: int, sep: int, limit: int, overlapping: bool = False) -> list[dict]:
    """Returns windows of `[CLS]` and whole sentences, each followed by `[SEP]`.

    The weight of a sentence in a window is its distance from the nearest cut.
    """
    lengths = [len(sentence) + 1 for sentence in pieces]
    ranges = disjoint_ranges(lengths, limit - 1)
    if overlapping and len(ranges) > 1:
        ranges = overlapping_ranges(lengths, limit - 1)
    result: list[dict] = []
    for sentences in ranges:
        ids, spans = [cls], []
        for sentence in sentences:
            spans.append([len(ids), len(ids) + lengths[sentence]])
            ids.extend([*pieces[sentence], sep])
        window = {"ids": ids, "spans": spans}
        if overlapping and len(ranges) > 1:
            middles = [sum(span) / 2 for span in spans]
            window |= {
                "first_sentence": sentences.start,
                "weights": [
                    min([m] * (sentences.start > 0) + [len(ids) - m] * (sentences.stop < len(pieces))) for m in middles
                ],
            }
        result.append(window)
    return result


def decode(emissions: numpy.ndarray, transitions: numpy.ndarray, start: numpy.ndarray, end: numpy.ndarray) -> dict:
    """Returns log partition, marginals and best labels of a linear-chain CRF, in float64 and log space."""
    length, count = emissions.shape
    forward = numpy.empty((length, count))
    backward = numpy.empty((length, count))
    best = numpy.empty((length, count))
    back = numpy.zeros((length, count), dtype=int)
    forward[0] = best[0] = start + emissions[0]
    for t in range(1, length):
        forward[t] = emissions[t] + numpy.logaddexp.reduce(forward[t - 1][:, None] + transitions, axis=0)
        scores = best[t - 1][:, None] + transitions
        back[t] = scores.argmax(axis=0)
        best[t] = emissions[t] + scores.max(axis=0)
    backward[-1] = end
    for t in range(length - 2, -1, -1):
        backward[t] = numpy.logaddexp.reduce(transitions + (emissions[t + 1] + backward[t + 1])[None, :], axis=1)
    partition = float(numpy.logaddexp.reduce(forward[-1] + end))
    path = [int((best[-1] + end).argmax())]
    for t in range(length - 1, 0, -1):
        path.append(int(back[t, path[-1]]))
    return {
        "partition": partition,
        "marginals": numpy.exp(forward + backward - partition),
        "path": path[::-1],
        "score": float((best[-1] + end).max()),
    }


def check_by_enumeration(decoded: dict, emissions, transitions, start, end) -> None:
    length, count = emissions.shape
    paths = numpy.array(list(itertools.product(range(count), repeat=length)))
    scores = start[paths[:, 0]] + end[paths[:, -1]] + emissions[numpy.arange(length), paths].sum(axis=1)
    scores += transitions[paths[:, :-1], paths[:, 1:]].sum(axis=1)
    partition = numpy.logaddexp.reduce(scores)
    share = numpy.exp(scores - partition)
    marginals = numpy.array([[share[paths[:, t] == y].sum() for y in range(count)] for t in range(length)])
    assert abs(partition - decoded["partition"]) < 1e-9 and numpy.allclose(marginals, decoded["marginals"], atol=1e-9)
    assert paths[scores.argmax()].tolist() == decoded["path"] and abs(scores.max() - decoded["score"]) < 1e-9


def margin(decoded: dict, emissions: numpy.ndarray, *crf: numpy.ndarray) -> float:
    """Returns the difference between the scores of the best and the second-best label sequence."""
    others = []
    for t, label in enumerate(decoded["path"]):
        without = emissions.copy()
        without[t, label] = -1e9
        others.append(decode(without, *crf)["score"])
    return decoded["score"] - max(others)


def labelled_abstracts(
    directory: Path, weights: dict[str, torch.Tensor], sentences: dict[str, list[str]]
) -> list[dict]:
    """Returns every step from each abstract's sentences to its labels, with the encoder's output as `rows`."""
    config = json.loads((directory / "config.json").read_text())
    encoder = load(BertModel, directory, add_pooling_layer=False)
    tokenizer = AutoTokenizer.from_pretrained(directory)
    wide = {name: tensor.float() for name, tensor in weights.items()}
    crf = [wide["crf." + name].double().numpy() for name in ["transitions", "start_transitions", "end_transitions"]]
    abstracts = []
    for identifier, own in sentences.items():
        whole = [tokenizer(sentence, add_special_tokens=False)["input_ids"] for sentence in own]
        pieces = [ids[: config["sentence_pieces"]] for ids in whole]
        packed = windows(
            pieces,
            tokenizer.cls_token_id,
            tokenizer.sep_token_id,
            config["window_pieces"],
            config.get("window_overlap", False),
        )
        vectors, totals, next_sentence = torch.zeros(len(own), config["hidden_size"]), torch.zeros(len(own), 1), 0
        for window in packed:
            rows = encoder(input_ids=torch.tensor([window["ids"]])).last_hidden_state[0]
            window |= {
                "rows": rows.tolist(),
                "first_row": rows[0].tolist(),
                "last_row": rows[-1].tolist(),
                "row_norms": rows.norm(dim=1).tolist(),
            }
            sentence = window.get("first_sentence", next_sentence)
            weights_of_sentences = window.get("weights", [1] * len(window["spans"]))
            for (first, last), weight in zip(window["spans"], weights_of_sentences, strict=True):
                vectors[sentence] += weight * rows[first:last].mean(dim=0)
                totals[sentence] += weight
                sentence += 1
            next_sentence = sentence
        # The head is linear, so the mean of the vectors gives the mean of their emissions.
        emissions = (vectors / totals) @ wide["classifier.weight"].T + wide["classifier.bias"]
        scores = emissions.double().numpy()
        temperature = config.get("temperature", 1)
        cooled = [scores / temperature, *(part / temperature for part in crf)]
        decoded = decode(*cooled)
        if len(own) <= 6:
            check_by_enumeration(decoded, *cooled)
        assert margin(decoded, *cooled) > 1e-3, "a near tie would make the expected labels depend on rounding"
        abstracts.append(
            {
                "id": identifier,
                "sentences": own,
                "windows": packed,
                "emissions": emissions.tolist(),
                "truncated": [i for i, ids in enumerate(whole) if len(ids) > config["sentence_pieces"]],
                "log_partition": decoded["partition"],
                "marginals": decoded["marginals"].tolist(),
                "labels": [ROLES[y] for y in decoded["path"]],
            }
        )
    return abstracts


def expect_labelling(directory: Path, weights: dict[str, torch.Tensor]) -> None:
    abstracts = labelled_abstracts(directory, weights, ABSTRACTS)
    changed = sum(
        ROLES[row.index(max(row))] != label
        for a in abstracts
        for row, label in zip(a["emissions"], a["labels"], strict=True)
    )
    counts = {a["id"]: len(a["windows"]) for a in abstracts}
    assert counts["exact"] == 1 and counts["one-over"] == 2 and counts["long"] >= 3, counts
    assert changed > 0, "the transitions change no label"
    assert len({label for a in abstracts for label in a["labels"]}) >= 4, "too few different labels occur"
    longest = json.loads((directory / "config.json").read_text())["window_pieces"]
    assert max(len(w["ids"]) for a in abstracts for w in a["windows"]) == longest
    write_expected(directory, {"labels": ROLES, "abstracts": abstracts})
    print(f"{directory.name:32} windows {counts}, labels changed by the CRF: {changed}")
