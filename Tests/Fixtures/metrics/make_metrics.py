"""Draws labels and probabilities from a seed, and writes the metrics that scikit-learn computes from them.

    pip install -r requirements.txt     # Python 3.11 and the versions in that file
    python3 make_metrics.py             # rewrites metrics.json beside this script

Cases in `single` have one label per item, cases in `multi` any number. In some, labels are missing from the true
labels, from the predicted ones, or from both. The labels are passed explicitly, and an undefined value counts as 0.
The expected calibration error is Guo et al.'s over 15 bins, (i / 15, (i + 1) / 15]. A multi-label case's `best_f1` is
each label's best F1 over all thresholds, found by trying a threshold at every probability. Its `curves` are each
label's precision and recall at every threshold, from the highest down, without the point of recall 0 that scikit-learn
adds; `average_precision` belongs to these curves.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    classification_report,
    confusion_matrix,
    f1_score,
    precision_recall_curve,
    precision_recall_fscore_support,
)

NAMES = ["BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS", "a label of many words"]


def scores(truth, given, average, labels=None):
    found = precision_recall_fscore_support(truth, given, labels=labels, average=average, zero_division=0)
    return [np.asarray(part).tolist() for part in found[:3]]


def calibration_error(confidences, right):
    error = 0.0
    for low in range(15):
        inside = (confidences > low / 15) & (confidences <= (low + 1) / 15)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidences[inside].mean())
    return error


def single(name, random, labels, items, in_truth, in_given, agreement):
    truth = random.choice(in_truth, items)
    given = np.where(random.random(items) < agreement, truth, random.choice(in_given, items))
    given = np.where(np.isin(given, in_given), given, in_given[0])
    confidences = np.round(random.beta(5, 1.5, items), 6)
    every = list(range(labels))
    names = NAMES[:labels]
    return {
        "name": name,
        "labels": names,
        "truth": truth.tolist(),
        "given": given.tolist(),
        "confidences": confidences.tolist(),
        "accuracy": accuracy_score(truth, given),
        "confusion": confusion_matrix(truth, given, labels=every).tolist(),
        "per_label": scores(truth, given, None, every),
        "averages": {a: scores(truth, given, a, every) for a in ("micro", "macro", "weighted")},
        "expected_calibration_error": calibration_error(confidences, truth == given),
        "report": classification_report(truth, given, labels=every, target_names=names, digits=4, zero_division=0),
    }


def best_f1(probabilities, truth):
    candidates = [f1_score(truth, probabilities >= t, zero_division=0) for t in np.unique(probabilities)]
    return max(candidates)


def curve(probabilities, truth):
    if not truth.any():
        # scikit-learn would warn and return an arbitrary recall.
        return {"precision": [], "recall": [], "thresholds": []}, 0.0
    precision, recall, thresholds = precision_recall_curve(truth, probabilities)
    parts = {"precision": precision[:-1], "recall": recall[:-1], "thresholds": thresholds}
    return {k: v[::-1].tolist() for k, v in parts.items()}, average_precision_score(truth, probabilities)


def multi(name, random, labels, items, rates, digits):
    truth = random.random((items, labels)) < np.array(rates)
    noise = random.normal(0, 1.2, (items, labels)) + 2 * truth - 1
    # With few digits, some probabilities are equal.
    probabilities = np.round(1 / (1 + np.exp(-noise)), digits)
    thresholds = np.round(random.uniform(0.3, 0.7, labels), 3)
    given = probabilities >= thresholds
    names = NAMES[:labels]
    curves, averages = zip(*[curve(probabilities[:, i], truth[:, i]) for i in range(labels)], strict=True)
    return {
        "name": name,
        "labels": names,
        "truth": truth.tolist(),
        "probabilities": probabilities.tolist(),
        "thresholds": thresholds.tolist(),
        "subset_accuracy": accuracy_score(truth, given),
        "per_label": scores(truth, given, None),
        "averages": {a: scores(truth, given, a) for a in ("micro", "macro", "weighted", "samples")},
        "best_f1": [best_f1(probabilities[:, i], truth[:, i]) for i in range(labels)],
        "curves": curves,
        "average_precision": averages,
        "report": classification_report(truth, given, target_names=names, digits=4, zero_division=0),
    }


def main():
    random = np.random.default_rng(20170614)
    cases = {
        "single": [
            single("five roles", random, 5, 200, range(5), range(5), 0.7),
            single("two labels, few items", random, 2, 8, range(2), range(2), 0.4),
            single("a label that is never true", random, 4, 60, [0, 1, 3], range(4), 0.5),
            single("a label that is never given", random, 4, 60, range(4), [0, 2, 3], 0.6),
            single("a label that is neither", random, 6, 60, [0, 1, 2, 4, 5], [0, 1, 2, 4, 5], 0.6),
            single("everything right", random, 3, 30, range(3), range(3), 1.0),
        ],
        "multi": [
            multi("three labels", random, 3, 120, [0.5, 0.3, 0.2], 4),
            multi("ties, and texts without labels", random, 4, 80, [0.4, 0.1, 0.25, 0.05], 1),
            multi("a label that no text has", random, 3, 40, [0.5, 0.0, 0.3], 2),
        ],
    }
    path = Path(__file__).resolve().parent / "metrics.json"
    path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


main()
