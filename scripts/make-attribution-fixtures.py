#!/usr/bin/env python3
"""Writes the reference patterns of the embedded model that the attribution tests compare with.

Needs torch, transformers and safetensors from PyPI. Everything is in float64 and as literal as it can be: a set of
paths is measured by stopping the gradient (`detach`) everywhere else, running the network at every point of the
path of inputs, and letting autograd differentiate the quantity with respect to the path's parameter. Each candidate
of the search costs a forward and a reverse pass of its own; the candidates of one step share a batch.

Usage: make-attribution-fixtures.py        writes Tests/Fixtures/attribution/demo.json
"""

import json
import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import BertTokenizerFast

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "Sources" / "Checkpoints" / "Resources" / "demo"
OUTPUT = ROOT / "Tests" / "Fixtures" / "attribution" / "demo.json"

TEXT = "the author that the guards like [MASK] young ."
PAIR = ("is", "are")
WORDS = ("author", "guards", "like", ".")
POINTS = 10


def through(x, is_open):
    """x, with its gradient stopped where `is_open` is 0."""
    return is_open * x + ((1 - is_open) * x).detach()


class Network:
    """BERT with a masked language model head; every place that a pattern can name takes a mask."""

    def __init__(self, folder):
        self.config = json.loads((folder / "config.json").read_text())
        self.weights = {name: t.double() for name, t in load_file(folder / "model.safetensors").items()}
        self.layers = self.config["num_hidden_layers"]
        self.heads = self.config["num_attention_heads"]

    def dense(self, x, name):
        return torch.nn.functional.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def norm(self, x, name):
        gain, shift = self.weights[name + ".weight"], self.weights[name + ".bias"]
        return torch.nn.functional.layer_norm(x, gain.shape, gain, shift, self.config["layer_norm_eps"])

    def quantity(self, words, target, pair, rows, heads, skips):
        """words: (B, n, d). rows: L+1 masks (B, n); heads: L masks (B, n, A); skips: L masks (B, n)."""
        n = words.shape[1]
        place = self.weights["bert.embeddings.position_embeddings.weight"][:n]
        kind = self.weights["bert.embeddings.token_type_embeddings.weight"][0]
        h = self.norm(words + place + kind, "bert.embeddings.LayerNorm")
        h = through(h, rows[0][..., None])
        for layer in range(self.layers):
            h = self.block(h, f"bert.encoder.layer.{layer}", heads[layer], skips[layer])
            h = through(h, rows[layer + 1][..., None])
        inner = torch.nn.functional.gelu(self.dense(h[:, target], "cls.predictions.transform.dense"))
        inner = self.norm(inner, "cls.predictions.transform.LayerNorm")
        table = self.weights["bert.embeddings.word_embeddings.weight"][list(pair)]
        logits = inner @ table.T + self.weights["cls.predictions.bias"][list(pair)]
        return logits[:, 0] - logits[:, 1]

    def block(self, h, name, heads, skips):
        rows, n, d = h.shape
        split = lambda x: x.view(rows, n, self.heads, d // self.heads).transpose(1, 2)
        q, k, v = (split(self.dense(h, f"{name}.attention.self.{part}")) for part in ("query", "key", "value"))
        attention = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(d // self.heads), dim=-1)
        context = through((attention @ v).transpose(1, 2), heads[..., None]).reshape(rows, n, d)
        mixed = self.dense(context, f"{name}.attention.output.dense") + through(h, skips[..., None])
        mixed = self.norm(mixed, f"{name}.attention.output.LayerNorm")
        inner = torch.nn.functional.gelu(self.dense(mixed, f"{name}.intermediate.dense"))
        return self.norm(self.dense(inner, f"{name}.output.dense") + mixed, f"{name}.output.LayerNorm")


class Paths:
    """The path of inputs of one sentence, and the influence of sets of paths along it."""

    def __init__(self, network, ids, baseline, target, pair):
        self.network, self.target, self.pair, self.n = network, target, pair, len(ids)
        table = network.weights["bert.embeddings.word_embeddings.weight"]
        self.end, self.start = table[ids], table[baseline].expand(len(ids), -1)
        self.points = torch.linspace(0, 1, POINTS, dtype=torch.float64)

    def influence(self, restrictions):
        """Influence of each restriction: dicts from ("row", l), ("heads", l) and ("skip", l) to what is open."""
        alpha = self.points.repeat(len(restrictions)).requires_grad_(True)
        words = self.start + alpha[:, None, None] * (self.end - self.start)
        layers, n, count = self.network.layers, self.n, self.network.heads

        def mask(kind, layer, *shape):
            masks = [torch.ones(shape) if r.get((kind, layer)) is None else torch.zeros(shape) for r in restrictions]
            for m, r in zip(masks, restrictions):
                for place in r.get((kind, layer)) or ():
                    m[place] = 1
            return torch.stack(masks).double().repeat_interleave(POINTS, dim=0)

        rows = [mask("row", l, n) for l in range(layers + 1)]
        heads = [mask("heads", l, n, count) for l in range(layers)]
        skips = [mask("skip", l, n) for l in range(layers)]
        quantity = self.network.quantity(words, self.target, self.pair, rows, heads, skips)
        (slope,) = torch.autograd.grad(quantity.sum(), alpha)
        return slope.view(len(restrictions), POINTS).mean(dim=1).tolist()

    def ends(self):
        open_rows = [torch.ones(2, self.n).double()] * (self.network.layers + 1)
        open_heads = [torch.ones(2, self.n, self.network.heads).double()] * self.network.layers
        words = torch.stack([self.start, self.end])
        with torch.no_grad():
            return self.network.quantity(
                words, self.target, self.pair, open_rows, open_heads, open_rows[1:]
            ).tolist()


def embedding_level(paths, word):
    layers, n = paths.network.layers, paths.n
    fixed = {("row", 0): [word]}
    (influence,) = paths.influence([fixed])
    sign = -1 if influence < 0 else 1
    nodes, steps = [word], []
    for row in range(1, layers):
        values = [sign * v for v in paths.influence([fixed | {("row", row): [q]} for q in range(n)])]
        best = max(range(n), key=lambda q: values[q])
        fixed[("row", row)] = [best]
        nodes.append(best)
        steps.append(values)
    nodes.append(paths.target)
    return {
        "word": word, "sign": sign, "input": influence, "nodes": nodes, "steps": steps,
        "influence": sign * max(steps[-1]),
    }


def attention_level(paths, found):
    layers, count, sign, nodes = paths.network.layers, paths.network.heads, found["sign"], found["nodes"]
    fixed = {("row", row): [node] for row, node in enumerate(nodes)}
    choices, head_values, skip_values = [], [], []
    for layer in range(layers):
        node = nodes[layer + 1]
        options = [{("heads", layer): [(node, head)], ("skip", layer): []} for head in range(count)]
        options.append({("heads", layer): [], ("skip", layer): [node]})
        values = [sign * v for v in paths.influence([fixed | option for option in options])]
        best = max(range(count), key=lambda head: values[head])
        choice = best if values[best] > values[count] else -1
        fixed |= options[choice]
        choices.append(choice)
        head_values.append(values[:count])
        skip_values.append(values[count])
        value = sign * values[choice]
    return {"choices": choices, "heads": head_values, "skips": skip_values, "influence": value}


def main():
    tokenizer = BertTokenizerFast.from_pretrained(DEMO)
    ids = tokenizer(TEXT)["input_ids"]
    tokens = tokenizer.convert_ids_to_tokens(ids)
    pair = tokenizer.convert_tokens_to_ids(list(PAIR))
    target = tokens.index("[MASK]")
    paths = Paths(Network(DEMO), ids, tokenizer.mask_token_id, target, pair)
    start, end = paths.ends()
    words = []
    for name in WORDS:
        found = embedding_level(paths, tokens.index(name))
        found["attention"] = attention_level(paths, found)
        words.append(found)
        print(name, found["sign"], found["nodes"], found["attention"]["choices"])
    inputs = paths.influence([{("row", 0): [i]} for i in range(len(ids))])
    fixture = {
        "text": TEXT, "tokens": tokens, "ids": ids, "mask_id": tokenizer.mask_token_id, "target": target,
        "pair": pair, "points": POINTS, "quantity": end, "quantity_at_baseline": start, "influence": inputs,
        "words": words,
    }
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(fixture, indent=1) + "\n")


if __name__ == "__main__":
    main()
