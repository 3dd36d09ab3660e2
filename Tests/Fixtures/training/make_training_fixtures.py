"""Writes the results of training with PyTorch: losses and an optimiser alone, and ten steps of whole networks.

    pip install -r ../checkpoints/requirements.txt     # Python 3.11 and the versions in that file
    python3 make_training_fixtures.py                  # rewrites kernels.json and steps.json beside this script

kernels.json: cross entropies of one row of logits with their gradients, and three steps of AdamW, in float64.

steps.json: the loss of every step while three of the tiny checkpoints are trained for ten steps. A step takes the mean
loss over sentences (or texts), clips its gradient to a global norm of 1, and applies torch.optim.AdamW with weight
decay on matrices only, twice the learning rate for the head and linear warm-up over three steps. There is no dropout.
Token ids are drawn from a seed; every step has the same batch. The sequence labeller's loss mixes the CRF's marginal
likelihood over the allowed labels with its likelihood of the true ones.
"""

import json
import random
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import BertConfig, BertForSequenceClassification, BertModel

HERE = Path(__file__).resolve().parent
STEPS, WARM_UP, RATE, DECAY, CLIP = 10, 3, 2e-3, 0.05, 1.0
CLS, SEP = 2, 3


def partition(emissions, crf, allowed):
    """Returns the log of the sum of exp(score) over all label sequences that contain only allowed labels."""
    scores = crf["start_transitions"] + emissions[0]
    scores = scores.masked_fill(~allowed[0], -torch.inf)
    for emission, permitted in zip(emissions[1:], allowed[1:], strict=True):
        scores = torch.logsumexp(scores[:, None] + crf["transitions"], 0) + emission
        scores = scores.masked_fill(~permitted, -torch.inf)
    return torch.logsumexp(scores + crf["end_transitions"], 0)


class Labeller(torch.nn.Module):
    def __init__(self, directory):
        super().__init__()
        stored = load_file(directory / "model.safetensors")
        config = BertConfig.from_pretrained(directory, attn_implementation="eager")
        self.bert = BertModel(config, add_pooling_layer=False)
        own = {name.removeprefix("bert."): value for name, value in stored.items() if name.startswith("bert.")}
        self.bert.load_state_dict({name: value for name, value in own.items() if not name.startswith("pooler")})
        self.classifier = torch.nn.Linear(config.hidden_size, len(config.id2label))
        self.classifier.load_state_dict({part: stored[f"classifier.{part}"] for part in ("weight", "bias")})
        self.crf = torch.nn.ParameterDict(
            {part: stored[f"crf.{part}"] for part in ("transitions", "start_transitions", "end_transitions")}
        )

    def loss(self, texts):
        total, items = 0, 0
        for text in texts:
            vectors = []
            for window in text["windows"]:
                hidden = self.bert(input_ids=torch.tensor([window["ids"]])).last_hidden_state[0]
                vectors += [hidden[start:end].mean(0) for start, end in window["spans"]]
            emissions = self.classifier(torch.stack(vectors))
            labels = torch.tensor(text["labels"])
            every = torch.ones(emissions.shape, dtype=torch.bool)
            exact = torch.nn.functional.one_hot(labels, emissions.shape[1]).bool()
            allowed = torch.zeros_like(every)
            for row, permitted in enumerate(text["allowed"]):
                allowed[row, permitted] = True
            share = text["exact_share"]
            total = total + partition(emissions, self.crf, every)
            total = total - (1 - share) * partition(emissions, self.crf, allowed)
            total = total - share * partition(emissions, self.crf, exact)
            items += len(labels)
        return total / items


class Classifier(torch.nn.Module):
    def __init__(self, directory, smoothing):
        super().__init__()
        self.model = BertForSequenceClassification.from_pretrained(
            directory, attn_implementation="eager", dtype=torch.float32
        )
        self.smoothing = smoothing

    def loss(self, texts):
        logits = torch.cat([self.model(input_ids=torch.tensor([text["ids"]])).logits for text in texts])
        if "targets" in texts[0]:
            targets = torch.tensor([text["targets"] for text in texts], dtype=torch.float32)
            return torch.nn.functional.binary_cross_entropy_with_logits(logits, targets)
        labels = torch.tensor([text["label"] for text in texts])
        return torch.nn.functional.cross_entropy(logits, labels, label_smoothing=self.smoothing)


def train(model, texts):
    model.eval()  # no dropout
    groups = []
    for name, parameter in model.named_parameters():
        head = "classifier" in name or "crf" in name or "pooler" in name
        matrix = parameter.ndim > 1 and "crf" not in name
        groups.append({"params": [parameter], "lr": RATE * (2 if head else 1), "weight_decay": DECAY if matrix else 0})
    rates = [group["lr"] for group in groups]
    optimiser = torch.optim.AdamW(groups)
    losses, norms = [], []
    for step in range(STEPS):
        factor = min(1, step / WARM_UP) if step < WARM_UP else (STEPS - step) / (STEPS - WARM_UP)
        for group, rate in zip(groups, rates, strict=True):
            group["lr"] = rate * factor
        loss = model.loss(texts)
        optimiser.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP).item())
        optimiser.step()
        losses.append(loss.item())
    return losses, norms


def kernels():
    """Returns the cross entropies of one row of four logits, and three AdamW steps on three numbers."""
    row = [0.5, -1.25, 2.0, 0.0]

    def differentiated(loss):
        logits = torch.tensor(row, dtype=torch.float64, requires_grad=True)
        value = loss(logits)
        value.backward()
        return {"loss": value.item(), "gradient": logits.grad.tolist()}

    def cross_entropy(smoothing):
        target = torch.tensor(1)
        found = differentiated(lambda x: torch.nn.functional.cross_entropy(x, target, label_smoothing=smoothing))
        return {"target": 1, "smoothing": smoothing, **found}

    targets = [True, False, False, True]
    binary = differentiated(
        lambda x: torch.nn.functional.binary_cross_entropy_with_logits(x, torch.tensor(targets, dtype=torch.float64))
    )
    start, gradients = [0.5, -1.0, 2.0], [[0.1, -0.2, 0.0], [0.3, 0.1, -0.05], [0.0, 0.0, 1.0]]
    value = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.AdamW([value], lr=1e-2, weight_decay=0.01)
    for gradient in gradients:
        value.grad = torch.tensor(gradient, dtype=torch.float64)
        optimiser.step()
    return {
        "logits": row,
        "cross_entropy": [cross_entropy(smoothing) for smoothing in (0.0, 0.1)],
        "binary_cross_entropy": {"targets": targets, **binary},
        "adamw": {"rate": 1e-2, "decay": 0.01, "start": start, "gradients": gradients, "end": value.tolist()},
    }


def main():
    (HERE / "kernels.json").write_text(json.dumps(kernels(), indent=1) + "\n")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    random.seed(5)
    checkpoints = HERE.parent / "checkpoints"

    def pieces(directory, count):
        size = BertConfig.from_pretrained(directory).vocab_size
        return [random.randrange(5, size) for _ in range(count)]

    def window(directory, lengths):
        ids, spans = [CLS], []
        for length in lengths:
            start = len(ids)
            ids += [*pieces(directory, length), SEP]
            spans.append([start, len(ids)])
        return {"ids": ids, "spans": spans}

    cases = []
    directory = checkpoints / "sequence-labeller-f32"
    texts = [
        {
            "windows": [window(directory, [5, 3, 7]), window(directory, [4, 6])],
            "labels": [0, 0, 2, 3, 4],
            "allowed": [[0, 1], [0, 1], [2], [3], [4]],
            "exact_share": 0.25,
        },
        {"windows": [window(directory, [6, 2, 9])], "labels": [1, 2, 4], "allowed": [[1], [2], [4]], "exact_share": 0},
        {"windows": [window(directory, [8])], "labels": [3], "allowed": [[3]], "exact_share": 1},
    ]
    cases.append(("sequence-labeller-f32", Labeller(directory), texts, 0))
    directory = checkpoints / "uncased-single-f32"
    labels = len(BertConfig.from_pretrained(directory).id2label)
    texts = [
        {"ids": window(directory, [length])["ids"], "label": row % labels} for row, length in enumerate([4, 11, 7, 2])
    ]
    cases.append(("uncased-single-f32", Classifier(directory, 0.1), texts, 0.1))
    directory = checkpoints / "multilabel"
    labels = len(BertConfig.from_pretrained(directory).id2label)
    texts = [
        {"ids": window(directory, [length])["ids"], "targets": [(row + label) % 3 == 0 for label in range(labels)]}
        for row, length in enumerate([9, 3, 6])
    ]
    cases.append(("multilabel", Classifier(directory, 0), texts, 0))

    written = []
    for name, model, texts, smoothing in cases:
        losses, norms = train(model, texts)
        written.append({"checkpoint": name, "smoothing": smoothing, "texts": texts, "losses": losses, "norms": norms})
    settings = {"rate": RATE, "head_factor": 2, "decay": DECAY, "clip": CLIP, "warm_up": WARM_UP}
    (HERE / "steps.json").write_text(json.dumps({"settings": settings, "cases": written}, indent=1) + "\n")
    for case in written:
        print(case["checkpoint"], case["losses"][0], case["losses"][-1], case["norms"][0])


main()
