"""Writes the checkpoints in this directory, and expected.json, which lists their tensors.

Run with Python 3.11, torch==2.15.0, safetensors==0.8.0 and numpy: `python make_tensors.py`
All files are reproducible except the legacy ones, which name their storages by memory addresses.
"""

import json
import pathlib
import zipfile
from collections import OrderedDict

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
DTYPES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


def tensors():
    """Returns tensors of every kind that a state dictionary may contain."""
    torch.manual_seed(20240531)
    base = torch.randn(4, 6)
    linear = torch.nn.Linear(3, 2)
    named = OrderedDict(linear.state_dict())
    named._metadata = OrderedDict({"": {"version": 1}})
    named["parameter"] = torch.nn.Parameter(torch.randn(2, 2))
    named["shared.whole"] = base
    named["shared.rows"] = base[1:3]
    named["shared.column"] = base[:, 2]
    named["transposed"] = torch.randn(2, 3, 4).permute(2, 0, 1)
    named["expanded"] = torch.arange(3).expand(1, 3)
    named["repeated"] = torch.tensor([7.0, -1.0]).expand(3, 2)
    named["empty"] = torch.empty(0, 3)
    named["scalar"] = torch.tensor(3.5)
    named["half"] = torch.randn(5).half()
    named["bfloat"] = torch.randn(3).bfloat16()
    named["double"] = torch.randn(2, dtype=torch.float64)
    named["long"] = torch.tensor([[-1, 2**40], [3, -(2**62)]])
    named["int"] = torch.tensor([-5, 6], dtype=torch.int32)
    named["short"] = torch.tensor([-300, 300], dtype=torch.int16)
    named["char"] = torch.tensor([-128, 127], dtype=torch.int8)
    named["byte"] = torch.tensor([0, 255], dtype=torch.uint8)
    named["bool"] = torch.tensor([True, False, True])
    named['naïve "quoted" \\ name'] = torch.ones(1)
    return named


def describe(named):
    return [
        {
            "name": name,
            "dtype": DTYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "bytes": bytes(tensor.detach().contiguous().reshape(-1).view(torch.uint8).tolist()).hex(),
        }
        for name, tensor in named.items()
    ]


def rezip(source, target, compression, zip64=False):
    """Repacks an archive, as with a zip program. `zip64` forces the larger headers."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", compression) as new:
        for info in old.infolist():
            entry = zipfile.ZipInfo(info.filename)
            entry.compress_type = compression
            with new.open(entry, "w", force_zip64=zip64) as record:
                record.write(old.read(info))


def main():
    named = tensors()
    small = OrderedDict((name, named[name]) for name in ["weight", "bias", "transposed"])
    torch.save(named, HERE / "zip.bin")
    torch.save(named, HERE / "legacy.bin", _use_new_zipfile_serialization=False)
    for protocol in (3, 4, 5):
        torch.save(small, HERE / f"protocol{protocol}.bin", pickle_protocol=protocol)
    torch.save(small, HERE / "small_zip.bin")
    torch.save(small, HERE / "small_legacy.bin", _use_new_zipfile_serialization=False)
    torch.save(
        {"epoch": 3, "loss": 0.25, "best": None, "steps": [1, -2, 2**40], "state_dict": small}, HERE / "wrapped.bin"
    )
    torch.serialization.set_crc32_options(False)
    torch.save(small, HERE / "no_crc.bin")
    torch.serialization.set_crc32_options(True)
    rezip(HERE / "zip.bin", HERE / "deflated.bin", zipfile.ZIP_DEFLATED)
    rezip(HERE / "small_zip.bin", HERE / "zip64.bin", zipfile.ZIP_STORED, zip64=True)
    torch.save(torch.nn.Linear(1, 1), HERE / "module.bin")
    torch.save({"a": 1}, HERE / "no_tensors.bin")

    plain = {name: tensor.detach().contiguous().clone() for name, tensor in named.items()}
    save_file(plain, HERE / "all.safetensors", metadata={"format": "pt", "note": 'first line\nsecond "line"'})
    save_file({name: tensor.contiguous().clone() for name, tensor in small.items()}, HERE / "small.safetensors")
    save_file({"quarter": torch.ones(4).to(torch.float8_e4m3fn), "plain": torch.ones(1)}, HERE / "float8.safetensors")
    save_file({}, HERE / "none.safetensors")

    sharded = HERE / "sharded"
    sharded.mkdir(exist_ok=True)
    shards = {
        "model-00001-of-00002.safetensors": ["weight", "bias"],
        "model-00002-of-00002.safetensors": ["transposed"],
    }
    for file, names in shards.items():
        save_file({name: small[name].contiguous().clone() for name in names}, sharded / file, metadata={"format": "pt"})
    index = {
        "metadata": {"total_size": sum(t.numel() * t.element_size() for t in small.values())},
        "weight_map": {name: file for file, names in shards.items() for name in names},
    }
    (sharded / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")

    expected = {"all": describe(named), "small": describe(small)}
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
