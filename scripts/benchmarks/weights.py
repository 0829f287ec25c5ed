"""Times how ipsh reads weights, for every form of file and every type.

Usage: weights.py IPSH_BENCH [--millions 500] [--forms ...]

A model of random weights is written into a folder that is removed afterwards: matrices as in a model of that size, 2 to 4 GB for
half a billion parameters. Its pages are in the system's cache when it is read, so that the disk is not measured.
"""

import argparse
import multiprocessing
import subprocess
import tempfile
from pathlib import Path

FORMS = ["safetensors BF16", "safetensors F16", "safetensors F32", "archive BF16", "archive F32", "sequence F16"]
TYPES = {"BF16": "bfloat16", "F16": "float16", "F32": "float32"}


def weights(millions, dtype):
    """Layers of width 1024: 12.6 million parameters each, behind 51 million of word embeddings."""
    import torch

    dtype = getattr(torch, TYPES[dtype])
    tensors = {"embed": torch.randn(50_000, 1024).to(dtype)}
    for layer in range(max(1, round((millions - 51.2) / 12.6))):
        for name, shape in dict(q=(1024, 1024), k=(1024, 1024), v=(1024, 1024), o=(1024, 1024), up=(4096, 1024), down=(1024, 4096)).items():
            tensors[f"layers.{layer}.{name}"] = torch.randn(shape).to(dtype)
    return tensors


def write(folder, form, millions, dtype):
    """In a process of its own: what a process inherits counts for the most memory that it has had."""
    import torch
    from safetensors.torch import save_file

    tensors = weights(millions, dtype)
    (folder / "config.json").write_text("{}")
    if form == "safetensors":
        save_file(tensors, folder / "model.safetensors")
    else:
        torch.save(tensors, folder / "pytorch_model.bin", _use_new_zipfile_serialization=form == "archive")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bench")
    parser.add_argument("--millions", type=int, default=500)
    parser.add_argument("--forms", nargs="*", default=FORMS)
    arguments = parser.parse_args()
    for text in arguments.forms:
        form, dtype = text.split()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            writer = multiprocessing.get_context("spawn").Process(
                target=write, args=(folder, form, arguments.millions, dtype))
            writer.start()
            writer.join()
            print(text, flush=True)
            for _ in range(2):
                subprocess.run([arguments.bench, "weights", f"folder={folder}"], check=True)


if __name__ == "__main__":
    main()
