"""Writes tiny random BERT checkpoints in every format that the loader reads, with the results of PyTorch for each.

    pip install -r requirements.txt     # Python 3.11 and the versions in that file
    python3 make_checkpoints.py         # rewrites every directory beside this script

Each directory can be read by Hugging Face's `from_pretrained`: it contains config.json, vocab.txt and the weights. Its
expected.json contains inputs and results: token ids from Hugging Face's tokenizer, and float32 results of transformers
on one CPU thread. They are computed from the weights *as stored*, read back from the files and widened to float32. The
CRF's results are computed in float64 from the float32 emissions, and checked by enumeration of all label sequences for
up to 6 sentences. README.md lists the directories and fields.

The weights are far larger than in a fresh initialisation (standard deviations of 0.2 to 0.5; layer norms and biases are
also random). Attention is therefore not uniform, and a forgotten bias, scale or epsilon changes the results. Each
tensor depends only on the seed of its directory and its name. Two runs on one machine write the same bytes; on another
processor, the last digits of expected.json may differ. Vocabularies and texts are invented. The texts and the
computation of the results are in expected_results.py.
"""

import importlib.metadata
import itertools
import json
import re
import shutil
import string
import zlib
from collections import OrderedDict
from pathlib import Path
from unittest import mock

import numpy
import torch
from safetensors.torch import save_file

from expected_results import ROLES, expect_classification, expect_labelling

HERE = Path(__file__).resolve().parent

# ---------------------------------------------------------------------------------------------------------------------
# Vocabulary

PUNCTUATION = list(string.punctuation) + list("–—’“”…§·")
LETTER_LIKE = list("±≤≥×°µαβγδμ½²")
IDEOGRAPHS = list("中文")
WORDS = """
the of and in to with for was were is are by or on at from as that this not than we our an no after between during
patient patients group groups treatment placebo control trial trials study studies aim aimed objective background
method methods result results conclusion conclusions risk ratio odds hazard confidence interval mean median
dose daily week weeks month months year years age aged adult adults women men children random randomized assigned
blind double outcome outcomes primary secondary effect effects significant difference increased decreased higher lower
compared versus association associated mortality survival death event adverse safety blood pressure heart stroke
brain liver kidney renal cancer tumor cell cells gene expression protein receptor insulin diabetes glucose infection
virus vaccine therapy surgery drug clinical data analysis model cohort baseline follow up rate score pain care health
""".split()
ENDINGS = "##s ##ed ##ing ##ly ##al ##ic ##itis ##emia ##ation ##er ##ity ##ous ##omi ##logy ##pathy ##gen".split()
CASED_WORDS = "The We In Patients Methods Results Conclusions BACKGROUND DNA RNA MRI IL HbA café naïve".split()
CASED_CHARACTERS = list(string.ascii_uppercase) + list("éïöüÉΔ")


def vocabulary(layout: str, cased: bool = False) -> list[str]:
    """Returns the tokens by id. `bert` and `scibert` have the special tokens at the ids of those vocabularies."""
    unused = {"compact": [], "bert": range(99), "scibert": range(100)}[layout]
    reserved = [f"[unused{i}]" for i in unused]
    after_padding = [*reserved, "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    characters = list(string.digits + string.ascii_lowercase) + (CASED_CHARACTERS if cased else [])
    words = WORDS + (CASED_WORDS if cased else [])
    continued = ["##" + character for character in characters + LETTER_LIKE]
    groups = [PUNCTUATION, LETTER_LIKE, IDEOGRAPHS, characters, continued, words, ENDINGS]
    if layout == "scibert":
        groups.reverse()
    return list(dict.fromkeys(["[PAD]", *after_padding, *itertools.chain(*groups)]))


# ---------------------------------------------------------------------------------------------------------------------
# Weights


def draw(seed: str, name: str, shape: tuple[int, ...], spread: float, centre: float = 0.0) -> torch.Tensor:
    generator = numpy.random.Generator(numpy.random.PCG64([zlib.crc32(seed.encode()), zlib.crc32(name.encode())]))
    values = centre + spread * generator.standard_normal(shape)
    return torch.from_numpy(values.astype(numpy.float32))


def parameters(seed: str, config: dict, labels: int, pooler: bool = True) -> "OrderedDict[str, torch.Tensor]":
    """Returns the tensors of `BertForSequenceClassification` by Hugging Face's names, in float32."""
    width, inner = config["hidden_size"], config["intermediate_size"]
    weights: OrderedDict[str, torch.Tensor] = OrderedDict()

    def linear(name: str, rows: int, columns: int, spread: float = 0.2) -> None:
        weights[name + ".weight"] = draw(seed, name + ".weight", (rows, columns), spread)
        weights[name + ".bias"] = draw(seed, name + ".bias", (rows,), 0.2)

    def norm(name: str) -> None:
        weights[name + ".weight"] = draw(seed, name + ".weight", (width,), 0.2, centre=1.0)
        weights[name + ".bias"] = draw(seed, name + ".bias", (width,), 0.2)

    for table, rows, spread in [
        ("word", config["vocab_size"], 0.5),
        ("position", config["max_position_embeddings"], 0.2),
        ("token_type", config["type_vocab_size"], 0.2),
    ]:
        name = f"bert.embeddings.{table}_embeddings.weight"
        weights[name] = draw(seed, name, (rows, width), spread)
    norm("bert.embeddings.LayerNorm")
    for index in range(config["num_hidden_layers"]):
        layer = f"bert.encoder.layer.{index}."
        linear(layer + "attention.self.query", width, width)
        linear(layer + "attention.self.key", width, width)
        # With smaller weights, [CLS], which is all that a classifier reads, would hardly depend on the text.
        linear(layer + "attention.self.value", width, width, spread=0.4)
        linear(layer + "attention.output.dense", width, width, spread=0.4)
        norm(layer + "attention.output.LayerNorm")
        linear(layer + "intermediate.dense", inner, width)
        linear(layer + "output.dense", width, inner)
        norm(layer + "output.LayerNorm")
    if pooler:
        linear("bert.pooler.dense", width, width)
    # Sentence vectors are larger than the pooler's output in -1...1, so their weights are smaller.
    linear("classifier", labels, width, spread=0.5 if pooler else 0.4)
    return weights


def configuration(pieces: list[str], **changes: object) -> dict:
    config = {
        "architectures": ["BertForSequenceClassification"],
        "attention_probs_dropout_prob": 0.1,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": 32,
        "initializer_range": 0.02,
        "intermediate_size": 64,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": 64,
        "model_type": "bert",
        "num_attention_heads": 4,
        "num_hidden_layers": 2,
        "pad_token_id": 0,
        "type_vocab_size": 2,
        "vocab_size": len(pieces),
    }
    return config | changes


def labelled(labels: list[str]) -> dict:
    return {"id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}


# ---------------------------------------------------------------------------------------------------------------------
# Files


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def start(name: str, config: dict, pieces: list[str] | None, tokenizer: dict | None) -> Path:
    directory = HERE / name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    write_json(directory / "config.json", config)
    if pieces is not None:
        (directory / "vocab.txt").write_text("".join(piece + "\n" for piece in pieces), encoding="utf-8")
    if tokenizer is not None:
        write_json(directory / "tokenizer_config.json", tokenizer)
    return directory


def with_metadata(weights: "OrderedDict[str, torch.Tensor]") -> "OrderedDict[str, torch.Tensor]":
    """Returns `weights` with the attribute `_metadata` of a `Module.state_dict()`, which torch pickles too."""
    result = OrderedDict(weights)
    modules = sorted({""} | {name.rsplit(".", 1)[0] for name in weights})
    result._metadata = OrderedDict((module, {"version": 1}) for module in modules)
    return result


def save_legacy(weights: dict, path: Path) -> None:
    """Saves in torch's format before 1.6. It names storages by their addresses, which are fixed here."""
    addresses: dict[int, int] = {}

    def address(storage: torch.UntypedStorage) -> int:
        # The addresses are not ascending and differ in length, because the file orders storages by the decimal strings.
        return addresses.setdefault(storage.data_ptr(), 10**7 + (len(addresses) * 7919 % 997) * 1_000_064)

    with mock.patch.object(torch.UntypedStorage, "_cdata", property(address), create=True):
        torch.save(weights, path, _use_new_zipfile_serialization=False)


def renamed(weights: dict, *replacements: tuple[str, str]) -> "OrderedDict[str, torch.Tensor]":
    result = OrderedDict()
    for name, tensor in weights.items():
        new_name = name
        for pattern, by in replacements:
            new_name = re.sub(pattern, by, new_name)
        result[new_name] = tensor
    return result


NO_PREFIX = (r"^bert\.", "")


# ---------------------------------------------------------------------------------------------------------------------
# The directories


def make_uncased_single() -> None:
    pieces = vocabulary("compact")
    labels = ["treatment", "diagnosis", "prevention"]
    config = configuration(pieces, **labelled(labels))
    weights = parameters("uncased-single", config, len(labels))
    for suffix, dtype in [("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16)]:
        config["dtype"] = str(dtype).removeprefix("torch.")
        directory = start("uncased-single-" + suffix, config, pieces, {"do_lower_case": True, "model_max_length": 64})
        save_file({k: v.to(dtype) for k, v in weights.items()}, directory / "model.safetensors", {"format": "pt"})
        expect_classification(directory)


def make_scibert_like() -> None:
    pieces = vocabulary("scibert")
    config = configuration(pieces, **labelled(ROLES))
    seed = "scibert-like"
    weights = with_metadata(parameters(seed, config, len(ROLES)))
    width = config["hidden_size"]
    weights["bert.embeddings.position_ids"] = torch.arange(config["max_position_embeddings"]).unsqueeze(0)
    # Pretraining leaves these tensors. The decoder is the word embeddings: one storage under two names.
    weights["cls.predictions.bias"] = draw(seed, "cls.predictions.bias", (len(pieces),), 0.2)
    weights["cls.predictions.decoder.weight"] = weights["bert.embeddings.word_embeddings.weight"]
    weights["cls.predictions.decoder.bias"] = weights["cls.predictions.bias"]
    for name, shape in [
        ("transform.dense.weight", (width, width)),
        ("transform.dense.bias", (width,)),
        ("transform.LayerNorm.weight", (width,)),
        ("transform.LayerNorm.bias", (width,)),
    ]:
        weights["cls.predictions." + name] = draw(seed, "cls.predictions." + name, shape, 0.2)
    weights["cls.seq_relationship.weight"] = draw(seed, "cls.seq_relationship.weight", (2, width), 0.2)
    weights["cls.seq_relationship.bias"] = draw(seed, "cls.seq_relationship.bias", (2,), 0.2)
    directory = start(seed, config, pieces, {"model_max_length": 64, "tokenizer_class": "BertTokenizer"})
    torch.save(weights, directory / "pytorch_model.bin")
    expect_classification(directory)


def make_tinybert_like() -> None:
    pieces = vocabulary("compact")
    config = configuration(pieces, hidden_size=52, intermediate_size=104, num_attention_heads=2)
    weights = parameters("tinybert-like", config, labels=3)
    weights = renamed(weights, (r"LayerNorm\.weight$", "LayerNorm.gamma"), (r"LayerNorm\.bias$", "LayerNorm.beta"))
    directory = start("tinybert-like", config, pieces, None)
    save_legacy(with_metadata(weights), directory / "pytorch_model.bin")
    expect_classification(directory, num_labels=3)


def make_bioclinical_cased() -> None:
    pieces = vocabulary("bert", cased=True)
    labels = ["negative", "uncertain", "positive", "absent"]
    config = configuration(pieces, problem_type="single_label_classification", **labelled(labels))
    weights = parameters("bioclinical", config, len(labels))
    directory = start("bioclinical-cased", config, pieces, {"do_lower_case": False})
    shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    second = ("bert.encoder.layer.1.", "bert.pooler.", "classifier.")
    home = {name: shards[name.startswith(second)] for name in weights}
    for shard in shards:
        save_file({k: v for k, v in weights.items() if home[k] == shard}, directory / shard, {"format": "pt"})
    size = sum(tensor.numel() * tensor.element_size() for tensor in weights.values())
    write_json(directory / "model.safetensors.index.json", {"metadata": {"total_size": size}, "weight_map": home})
    expect_classification(directory)


def make_multilabel() -> None:
    pieces = vocabulary("compact")
    labels = ["cardiovascular", "neurological", "hepatorenal", "oncological"]
    config = configuration(pieces, problem_type="multi_label_classification", **labelled(labels))
    weights = parameters("multilabel", config, len(labels))
    thresholds = {"cardiovascular": 0.35, "neurological": 0.6, "hepatorenal": 0.5, "oncological": 0.8}
    directory = start("multilabel", config, pieces, {"do_lower_case": True})
    torch.save(dict(weights), directory / "pytorch_model.bin")
    write_json(directory / "best_thresholds.json", thresholds)
    expect_classification(directory, thresholds)


def make_sequence_labellers() -> None:
    pieces = vocabulary("compact")
    for suffix, dtype in [("f32", torch.float32), ("f16", torch.float16)]:
        name, seed = "sequence-labeller-" + suffix, "labeller-5-" + suffix
        config = configuration(
            pieces,
            architectures=["BertForSequentialSentenceClassification"],
            max_position_embeddings=48,
            sentence_pooling="mean",
            decoder="crf",
            window_pieces=48,
            sentence_pieces=14,
            dtype=str(dtype).removeprefix("torch."),
            **labelled(ROLES),
        )
        count = len(ROLES)
        weights = parameters(seed, config, count, pooler=False)
        weights["crf.start_transitions"] = draw(seed, "crf.start_transitions", (count,), 1.5)
        weights["crf.transitions"] = draw(seed, "crf.transitions", (count, count), 1.5)
        weights["crf.end_transitions"] = draw(seed, "crf.end_transitions", (count,), 1.5)
        stored = {k: v.to(dtype) for k, v in weights.items()}
        if dtype == torch.float16:
            stored = renamed(stored, NO_PREFIX)
        directory = start(name, config, pieces, {"do_lower_case": True, "model_max_length": 48})
        save_file(dict(stored), directory / "model.safetensors", {"format": "pt"})
        expect_labelling(directory, stored)


def make_encoder_only_no_prefix() -> None:
    pieces = vocabulary("compact")
    labels = ["human", "animal", "in vitro"]
    for name, changes in [
        ("encoder-only-no-prefix", {"hidden_act": "gelu_new"}),
        ("encoder-only-no-prefix-relu", {"hidden_act": "relu", "layer_norm_eps": 0.05}),
    ]:
        config = configuration(pieces, **changes, **labelled(labels))
        weights = renamed(parameters(name, config, len(labels)), NO_PREFIX)
        directory = start(name, config, pieces, {"do_lower_case": True})
        save_file(dict(weights), directory / "model.safetensors", {"format": "pt"})
        expect_classification(directory)


def make_transposed_bin() -> None:
    """Writes dense weights as transposed views, as converted from TensorFlow; query, key, value share storage."""
    pieces = vocabulary("compact")
    labels = ["acute", "chronic", "unknown"]
    config = configuration(pieces, **labelled(labels))
    weights = parameters("transposed-bin", config, len(labels))
    for name, tensor in weights.items():
        if name.endswith("dense.weight"):
            weights[name] = tensor.T.contiguous().T
    for index in range(config["num_hidden_layers"]):
        for kind in ["weight", "bias"]:
            names = [f"bert.encoder.layer.{index}.attention.self.{p}.{kind}" for p in ["query", "key", "value"]]
            parts = torch.cat([weights[name] for name in names]).chunk(3)
            weights |= zip(names, parts, strict=True)
    directory = start("transposed-bin", config, pieces, {"do_lower_case": True})
    torch.save(weights, directory / "pytorch_model.bin")
    expect_classification(directory)


def make_distilbert_config() -> None:
    config = {
        "activation": "gelu",
        "architectures": ["DistilBertForSequenceClassification"],
        "dim": 32,
        "hidden_dim": 64,
        "max_position_embeddings": 64,
        "model_type": "distilbert",
        "n_heads": 4,
        "n_layers": 2,
        "vocab_size": 16,
    }
    directory = start("distilbert-config", config, None, None)
    name = "distilbert.embeddings.word_embeddings.weight"
    save_file({name: draw("distilbert-config", name, (16, 32), 0.2)}, directory / "model.safetensors", {"format": "pt"})


def check_versions() -> None:
    for line in (HERE / "requirements.txt").read_text().split():
        package, wanted = line.split("==")
        found = importlib.metadata.version(package).split("+")[0]
        if found != wanted:
            raise SystemExit(f"{package} {found} found, {wanted} expected; install requirements.txt.")


def main() -> None:
    check_versions()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    with torch.no_grad():
        make_uncased_single()
        make_scibert_like()
        make_tinybert_like()
        make_bioclinical_cased()
        make_multilabel()
        make_sequence_labellers()
        make_encoder_only_no_prefix()
        make_transposed_bin()
        make_distilbert_config()


if __name__ == "__main__":
    main()
