"""Writes the results of scikit-learn's TF-IDF and PyTorch's GRU for invented inputs.

    pip install -r requirements.txt        # Python 3.11 and the versions in that file
    python3 make_baseline_fixtures.py      # rewrites tfidf.json and gru.json beside this script

tfidf.json: terms, inverse document frequencies and rows of TfidfVectorizer(ngram_range=(1, 2)) with several settings,
fitted on some texts and applied to others.

gru.json: a network of nn.Embedding, one bidirectional nn.GRU, the mean of its states and nn.Linear, drawn from a seed
and computed in float64 from values that float32 represents exactly: logits of texts of several lengths, the mean cross
entropy and its gradients.
"""

import json
from pathlib import Path

import torch
from sklearn.feature_extraction.text import TfidfVectorizer

HERE = Path(__file__).resolve().parent
TEXTS = [
    "The risk of stroke rose; the risk fell.",
    "Patients were randomised to 12 weeks of walking, or to none.",
    "Walking lowered the risk of stroke in 12 of 40 patients.",
    "Naïve T-cells (CD4+) were counted; Ångström units, µg/mL and β2 as well.",
    "STROKE stroke Stroke: a b c x_1 x_1",
    "ΔF508 and İstanbul, ﬁne ligatures, ² and ½ and ٣٤ digits, 学校 and 学校",
    "the risk of the risk of the risk",
    "...",
]
OTHERS = [
    "The risk of nothing known in Walking patients.",
    "",
    "unseen words alone",
    "of of of the the risk of stroke stroke",
]
SETTINGS = [
    {"least_texts": 1, "most": None, "is_sublinear": False},
    {"least_texts": 2, "most": None, "is_sublinear": False},
    {"least_texts": 1, "most": None, "is_sublinear": True},
    {"least_texts": 1, "most": 4, "is_sublinear": False},
]


def tfidf(settings):
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2),
        min_df=settings["least_texts"],
        max_features=settings["most"],
        sublinear_tf=settings["is_sublinear"],
    )
    vectorizer.fit(TEXTS)
    rows = []
    for row in vectorizer.transform(TEXTS + OTHERS):
        row.sort_indices()
        rows.append({"places": row.indices.tolist(), "values": row.data.tolist()})
    return {
        **settings,
        "terms": vectorizer.get_feature_names_out().tolist(),
        "inverse_frequencies": vectorizer.idf_.tolist(),
        "rows": rows,
    }


def gru():
    torch.manual_seed(7)
    words, embedding, state, labels = 9, 4, 5, 3
    modules = {
        "embedding": torch.nn.Embedding(words, embedding),
        "gru": torch.nn.GRU(embedding, state, batch_first=True, bidirectional=True),
        "classifier": torch.nn.Linear(2 * state, labels),
    }
    # The longest text is first, as the network reads them. One word occurs in several texts, another twice in one text.
    texts = [[1, 4, 2, 8, 4, 0, 3], [5, 5, 6], [7, 1, 2], [3]]
    targets = [2, 0, 1, 1]
    # Compute in float64 from float32 values, so that only the implementation under test rounds.
    for module in modules.values():
        module.double()
    logits = []
    for text in texts:
        states, _ = modules["gru"](modules["embedding"](torch.tensor([text])))
        logits.append(modules["classifier"](states.mean(1))[0])
    logits = torch.stack(logits)
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(targets))
    loss.backward()
    tensors = {}
    for prefix, module in modules.items():
        for name, parameter in module.named_parameters():
            tensors[f"{prefix}.{name}"] = {
                "shape": list(parameter.shape),
                "values": parameter.flatten().tolist(),
                "gradient": parameter.grad.flatten().tolist(),
            }
    return {
        "words": words,
        "embedding": embedding,
        "state": state,
        "labels": labels,
        "texts": texts,
        "targets": targets,
        "logits": logits.tolist(),
        "loss": loss.item(),
        "tensors": tensors,
    }


def main():
    found = {"texts": TEXTS, "others": OTHERS, "cases": [tfidf(settings) for settings in SETTINGS]}
    (HERE / "tfidf.json").write_text(json.dumps(found, separators=(",", ":"), ensure_ascii=False) + "\n")
    (HERE / "gru.json").write_text(json.dumps(gru(), separators=(",", ":")) + "\n")


main()
