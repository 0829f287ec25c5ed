#!/usr/bin/env python3
"""Writes what Hugging Face transformers computes when activations are replaced during a forward pass.

Needs torch, transformers, tokenizers, safetensors and numpy from PyPI. Usage: make-intervention-fixtures.py, after
make-fixtures.py has made the small random models. Replacements are made by hooks on BertForMaskedLM and
BertForSequenceClassification in float64 (eager attention), into Tests/Fixtures/interventions/MODEL.json:

    ids, types, target    the input, and the position of its [MASK] (0 for a classifier)
    outputs               the vocabulary entries of which logits are kept (null: all, or classes)
    cases                 name; replacements [{component, layer, index, position, value}], of which later ones win;
                          logits; state_sums: each position's sum over the last hidden state

A position of null means all. A value of null means zeros, k >= 0 the vector of ((7 i + 3 k) mod 11 - 5) / 8 at every
position, k < 0 the same with k = -(k + position): another vector at each position.
"""

import importlib.util
import json
from pathlib import Path

import torch
import transformers
from transformers import BertForMaskedLM, BertForSequenceClassification

spec = importlib.util.spec_from_file_location("fixtures", Path(__file__).with_name("make-fixtures.py"))
fixtures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fixtures)

FOLDER = fixtures.FIXTURES / "interventions"
TEXT = "the author that the guards like [MASK] young ."


def vector(k, width):
    return torch.tensor([((7 * i + 3 * k) % 11 - 5) / 8 for i in range(width)], dtype=torch.float64)


def write(tensor, columns, replacement):
    """Replaces columns of (1, n, width) at the replacement's positions."""
    width, value = columns.stop - columns.start, replacement["value"]
    positions = range(tensor.shape[1]) if replacement["position"] is None else [replacement["position"]]
    for position in positions:
        if value is None:
            tensor[0, position, columns] = 0
        else:
            tensor[0, position, columns] = vector(value if value >= 0 else -value + position, width)


def place(model, replacement):
    """The module at which a component's value passes, how it passes there, and its columns."""
    bert, config = model.bert, model.config
    whole = slice(0, config.hidden_size)
    component, index = replacement["component"], replacement["index"]
    if component == "embedding":
        return bert.embeddings, "output", whole
    layer = bert.encoder.layer[replacement["layer"]]
    size = config.hidden_size // config.num_attention_heads
    return {
        "block": lambda: (layer, "output", whole),
        "head": lambda: (layer.attention.output.dense, "input", slice(index * size, (index + 1) * size)),
        "skip": lambda: (layer.attention.output, "residual", whole),
        "attention": lambda: (layer.attention.output.dense, "output", whole),
        "feedForward": lambda: (layer.output.dense, "output", whole),
        "neuron": lambda: (layer.output.dense, "input", slice(index, index + 1)),
    }[component]()


def hook(module, way, columns, replacement):
    def on_output(_, inputs, output):
        states = (output[0] if isinstance(output, tuple) else output).clone()
        write(states, columns, replacement)
        return (states, *output[1:]) if isinstance(output, tuple) else states

    def on_input(_, inputs):
        which = 1 if way == "residual" else 0
        changed = [x.clone() for x in inputs]
        write(changed[which], columns, replacement)
        return tuple(changed)

    return module.register_forward_hook(on_output) if way == "output" else module.register_forward_pre_hook(on_input)


def run(model, batch, target, replacements):
    # Hooks of one module run in the order of registration.
    hooks = [hook(*place(model, r), r) for r in replacements]
    with torch.no_grad():
        output = model(
            input_ids=torch.tensor(batch["ids"]), token_type_ids=torch.tensor(batch["types"]),
            attention_mask=torch.tensor(batch["mask"]), output_hidden_states=True,
        )
    for each in hooks:
        each.remove()
    logits = output.logits[0, target] if isinstance(model, BertForMaskedLM) else output.logits[0]
    return logits, output.hidden_states[-1][0].sum(-1)


def replacement(component, layer, position, value, index=None):
    return {"component": component, "layer": layer, "index": index, "position": position, "value": value}


def single_cases(config):
    """Each component at one position and at all, by zeros, one vector, and a vector for each position."""
    last = config.num_hidden_layers - 1
    components = [
        ("embedding", None, None), ("block", 0, None), ("block", last, None), ("head", 0, 1), ("head", last, 0),
        ("skip", 0, None), ("skip", last, None), ("attention", 1, None), ("feedForward", 0, None),
        ("neuron", 0, 17), ("neuron", last, 4),
    ]
    for number, (component, layer, index) in enumerate(components):
        for position in (2 + number % 3, None):
            for value in (None, number, -1 - number):
                yield [replacement(component, layer, position, value, index)]


def combined_cases(config):
    last = config.num_hidden_layers - 1
    yield [replacement("head", 0, None, None, 1), replacement("head", 0, 3, 5, 1)]
    yield [replacement("head", 0, 3, 5, 1), replacement("head", 0, None, None, 1)]
    yield [replacement("head", 0, None, None, 0), replacement("head", 0, None, 2, 1), replacement("head", last, 7, None, 0)]
    yield [replacement("block", 0, None, 1), replacement("skip", 1, 7, None), replacement("attention", 1, 7, 3)]
    yield [
        replacement("neuron", 1, None, 4, 3), replacement("feedForward", 0, 7, None), replacement("embedding", None, 1, 9),
        replacement("skip", 0, None, -4), replacement("head", 1, 0, 6, 1), replacement("block", last, 4, 8),
    ]


def rounded(tensor):
    return [float(f"{x:.9g}") for x in tensor.tolist()]


def write_fixture(name, folder, architecture, outputs=None):
    model = fixtures.load(folder, architecture).double()
    batch = fixtures.encode(folder, [TEXT])
    target = batch["tokens"][0].index("[MASK]") if architecture is BertForMaskedLM else 0
    cases = []
    for replacements in [[], *single_cases(model.config), *combined_cases(model.config)]:
        logits, sums = run(model, batch, target, replacements)
        logits = logits if outputs is None else logits[outputs]
        cases.append({"replacements": replacements, "logits": rounded(logits), "state_sums": rounded(sums)})
    about = {
        "versions": fixtures.versions(), "classifies": architecture is BertForSequenceClassification,
        "ids": batch["ids"][0], "types": batch["types"][0], "target": target, "outputs": outputs, "cases": cases,
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(about, separators=(",", ":")) + "\n")
    print(f"{name}: {len(cases)} cases")


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    models = fixtures.FIXTURES / "models"
    write_fixture("relu", models / "relu", BertForMaskedLM)
    write_fixture("gelu-pytorch-tanh", models / "gelu-pytorch-tanh", BertForMaskedLM)
    write_fixture("three-classes", models / "three-classes", BertForSequenceClassification)
    write_fixture("demo", fixtures.DEMO, BertForMaskedLM, outputs=list(range(0, 10000, 499)))
    write_fixture("demo-classifier", fixtures.DEMO, BertForSequenceClassification)
