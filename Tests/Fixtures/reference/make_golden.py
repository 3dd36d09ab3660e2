"""Writes golden.json: what PyTorch computes from the shipped checkpoint, in float32, for the abstracts beside this file.

    pip install -r ../checkpoints/requirements.txt
    python make_golden.py
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "checkpoints"))

import expected_results
import safetensors.torch
import torch

SHIPPED = HERE.parents[2] / "Models"


def abstracts() -> dict[str, list[str]]:
    """Those of abstracts.json, and two that no window holds whole: six in one, and a sentence that is cut."""
    own = {a["id"]: a["sentences"] for a in json.loads((HERE / "abstracts.json").read_text(encoding="utf-8"))}
    six = [sentence for sentences in list(own.values())[:6] for sentence in sentences]
    readings = ", ".join(f"{x / 7:.3f} mmol/L" for x in range(60))
    long = ["Lactate was measured hourly.", f"Readings were {readings}.", "Levels fell."]
    return own | {"six-in-one": six, "long-sentence": long}


def rounded(value: object, digits: int) -> object:
    """Few enough digits for a small file, enough for a tolerance of 1e-4."""
    if isinstance(value, float):
        return round(value, digits)
    if isinstance(value, list):
        return [rounded(item, digits) for item in value]
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    return value


def main() -> None:
    weights = safetensors.torch.load_file(SHIPPED / "model.safetensors")
    with torch.no_grad():
        found = expected_results.labelled_abstracts(SHIPPED, weights, abstracts())
    for abstract in found:
        for window in abstract["windows"]:
            del window["rows"]
    by_id = {abstract["id"]: abstract for abstract in found}
    assert len(by_id["six-in-one"]["windows"]) == 3 and by_id["long-sentence"]["truncated"] == [1]
    body = ",\n".join(" " + json.dumps(rounded(abstract, 6), ensure_ascii=False) for abstract in found)
    labels = json.dumps(expected_results.ROLES)
    (HERE / "golden.json").write_text(f'{{"labels": {labels}, "abstracts": [\n{body}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
