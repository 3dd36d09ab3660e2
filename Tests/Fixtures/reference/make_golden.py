"""Writes golden.json: the float32 results of PyTorch for the shipped checkpoint and the abstracts in abstracts.json.

pip install -r ../checkpoints/requirements.txt
python make_golden.py
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "checkpoints"))

import safetensors.torch  # noqa: E402
import torch  # noqa: E402

import expected_results  # noqa: E402  (in the directory that was added to the path)

SHIPPED = HERE.parents[2] / "Models"


def abstracts() -> dict[str, list[str]]:
    """Returns the abstracts of abstracts.json, six of them joined into one, and one with a truncated sentence."""
    own = {a["id"]: a["sentences"] for a in json.loads((HERE / "abstracts.json").read_text(encoding="utf-8"))}
    six = [sentence for sentences in list(own.values())[:6] for sentence in sentences]
    readings = ", ".join(f"{x / 7:.3f} mmol/L" for x in range(60))
    long = ["Lactate was measured hourly.", f"Readings were {readings}.", "Levels fell."]
    return own | {"six-in-one": six, "long-sentence": long}


def rounded(value: object, digits: int) -> object:
    """Returns `value` with rounded floats, for a small file and a tolerance of 1e-4."""
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
