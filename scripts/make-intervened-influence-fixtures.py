#!/usr/bin/env python3
"""Writes the reference influences of the embedded model under interventions that the attribution tests compare with.

Needs torch and transformers from PyPI. Everything is in float64: Hugging Face's own model runs on the path's word
embeddings, hooks on its modules replace activations by constants, and autograd differentiates the quantity.

Usage: make-intervened-influence-fixtures.py        writes Tests/Fixtures/attribution/interventions.json
"""

import json
import math
from contextlib import ExitStack
from pathlib import Path

import torch
from transformers import BertForMaskedLM, BertTokenizerFast

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "Sources" / "Checkpoints" / "Resources" / "demo"
OUTPUT = ROOT / "Tests" / "Fixtures" / "attribution" / "interventions.json"

TEXT = "the author that the guards like [MASK] young ."
PAIR = ("is", "are")
POINTS = 10

# Lists of (node, layer, index of a head or neuron, position, value); position None is all of them. A value is 0 or a
# number s that stands for the vector sin(s + i) / 2, i = 0 ... width - 1.
CASES = [
    [("head", 0, 1, None, 0)],
    [("head", 1, 0, 2, 0.3), ("head", 1, 1, 7, 0)],
    [("skip", 1, None, 7, 0)],
    [("skip", 0, None, None, 1.1)],
    [("attention", 0, None, None, 0)],
    [("attention", 1, None, 7, 0.7)],
    [("neuron", 0, 5, None, 2.0), ("neuron", 1, 9, 7, 0)],
    [("feedForward", 0, None, 4, 0), ("feedForward", 1, None, 7, 0.9)],
    [("block", 0, None, 2, 0.5), ("block", 0, None, 5, 0)],
    [("embedding", None, None, 5, 0.2)],
    [
        ("embedding", None, None, 3, 0), ("head", 0, 0, None, 0.4), ("skip", 0, None, 4, 0),
        ("attention", 0, None, 5, 0.6), ("feedForward", 0, None, 6, 0.8), ("block", 0, None, 2, 0),
        ("neuron", 1, 0, None, 0.1), ("skip", 1, None, 7, 0.2),
    ],
]


def constant(value, width):
    if value == 0:
        return torch.zeros(width, dtype=torch.float64)
    return torch.sin(value + torch.arange(width, dtype=torch.float64)) / 2


def replaced(x, position, columns, value):
    """x (B, n, width) with `columns` at `position` replaced."""
    y = x.clone()
    width = len(range(x.shape[2])[columns])
    y[:, slice(None) if position is None else slice(position, position + 1), columns] = constant(value, width)
    return y


def hook(model, node, layer, index, position, value):
    """Registers one replacement; returns what removes it."""
    everything = slice(None)
    change = lambda x, columns=everything: replaced(x, position, columns, value)
    after = lambda module, columns=everything: module.register_forward_hook(
        lambda _, inputs, output: change(output, columns))
    if node == "embedding":
        return after(model.bert.embeddings)
    block = model.bert.encoder.layer[layer]
    if node == "head":
        size = model.config.hidden_size // model.config.num_attention_heads
        columns = slice(index * size, (index + 1) * size)
        return block.attention.output.dense.register_forward_pre_hook(
            lambda _, inputs: (change(inputs[0], columns),))
    if node == "skip":
        return block.attention.output.register_forward_pre_hook(
            lambda _, inputs: (inputs[0], change(inputs[1])))
    if node == "attention":
        return after(block.attention.output.dense)
    if node == "neuron":
        return after(block.intermediate, slice(index, index + 1))
    if node == "feedForward":
        return after(block.output.dense)
    assert node == "block"
    return after(block.output)


def measure(model, ids, baseline, target, pair, case):
    table = model.bert.embeddings.word_embeddings.weight.detach()
    end, start = table[ids], table[baseline].expand(len(ids), -1)
    alphas = torch.linspace(0, 1, POINTS, dtype=torch.float64)
    words = (start + alphas[:, None, None] * (end - start)).requires_grad_(True)
    with ExitStack() as stack:
        for replacement in case:
            stack.callback(hook(model, *replacement).remove)
        logits = model(inputs_embeds=words).logits[:, target]
    quantity = logits[:, pair[0]] - logits[:, pair[1]]
    (gradient,) = torch.autograd.grad(quantity.sum(), words)
    influence = (gradient * (end - start)).sum(-1).mean(0)
    assert all(math.isfinite(v) for v in influence.tolist())
    return {
        "replacements": [
            dict(zip(("node", "layer", "index", "position", "value"), replacement)) for replacement in case
        ],
        "quantity": quantity[-1].item(), "quantity_at_baseline": quantity[0].item(),
        "influence": influence.tolist(),
    }


def main():
    tokenizer = BertTokenizerFast.from_pretrained(DEMO)
    ids = tokenizer(TEXT)["input_ids"]
    target = ids.index(tokenizer.mask_token_id)
    pair = tokenizer.convert_tokens_to_ids(list(PAIR))
    model = BertForMaskedLM.from_pretrained(DEMO).double().eval()
    cases = [measure(model, ids, tokenizer.mask_token_id, target, pair, case) for case in CASES]
    plain = measure(model, ids, tokenizer.mask_token_id, target, pair, [])
    for case in cases:
        assert max(abs(a - b) for a, b in zip(case["influence"], plain["influence"])) > 1e-4
    fixture = {
        "ids": ids, "mask_id": tokenizer.mask_token_id, "target": target, "pair": pair, "points": POINTS,
        "cases": cases,
    }
    OUTPUT.write_text(json.dumps(fixture, indent=1) + "\n")


if __name__ == "__main__":
    main()
