#!/usr/bin/env python3
"""Writes the reference flows that the attribution tests compare with.

Needs torch, transformers, networkx and scipy from PyPI. Activations are those of Hugging Face transformers in float64
(eager attention), read and changed by hooks on its modules; every formula is evaluated as it is written, pair of tokens
by pair of tokens. Maximum flows are networkx's, rank correlations scipy's. The model tiny-mlm lies in the golden cases
($IPSH_SHARED, else ../shared beside the checkout).

Usage: make-flow-fixtures.py        writes Tests/Fixtures/attribution/flow.json
"""

import json
import os
from pathlib import Path

import networkx
import scipy.stats
import torch
from transformers import BertForMaskedLM

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("IPSH_SHARED", ROOT.parent / "shared"))
MODELS = {"demo": ROOT / "Sources" / "Checkpoints" / "Resources" / "demo", "tiny-mlm": SHARED / "golden" / "tiny-mlm"}
OUTPUT = ROOT / "Tests" / "Fixtures" / "attribution" / "flow.json"


class Network:
    """A BERT encoder in float64; heads and skip connections can be replaced by zeros, values be zeroed."""

    def __init__(self, folder):
        model = BertForMaskedLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float64)
        self.encoder = model.eval().bert
        self.layers = self.encoder.encoder.layer
        self.heads = self.encoder.config.num_attention_heads
        self.size = self.encoder.config.hidden_size // self.heads

    def ablate(self, heads, skips):
        """heads: (layer, head); skips: (layer, position)."""
        for layer, head in heads:
            self.layers[layer].attention.output.dense.register_forward_pre_hook(self.without_head(head))
        for layer, position in skips:
            self.layers[layer].attention.output.register_forward_pre_hook(self.without_skip(position))

    def without_head(self, head):
        def hook(module, arguments):
            context = arguments[0].clone()
            context[..., head * self.size : (head + 1) * self.size] = 0
            return (context,)

        return hook

    def without_skip(self, position):
        def hook(module, arguments):
            skip = arguments[1].clone()
            skip[:, position] = 0
            return arguments[0], skip

        return hook

    def run(self, ids):
        """Hidden states (L+1) of (n, d), attention probabilities (L) of (A, n, n), sums before the first layer norm."""
        sums, hooks = [], []
        for layer in self.layers:
            norm = layer.attention.output.LayerNorm
            hooks.append(norm.register_forward_pre_hook(lambda module, x: sums.append(x[0][0])))
        result = self.encoder(torch.tensor([ids]), output_hidden_states=True, output_attentions=True)
        for hook in hooks:
            hook.remove()
        return [h[0] for h in result.hidden_states], [p[0] for p in result.attentions], sums

    def norms(self, layer, x, attention, sums, closed_heads, closed_skips):
        """||F_i(x_j)|| of Kobayashi et al., EMNLP 2021, by pairs."""
        block = self.layers[layer].attention
        values = block.self.value(x).view(len(x), self.heads, self.size)
        weight = block.output.dense.weight.view(-1, self.heads, self.size)
        norm = block.output.LayerNorm
        result = torch.zeros(len(x), len(x))
        for i in range(len(x)):
            scale = torch.sqrt(sums[i].var(unbiased=False) + norm.eps)
            for j in range(len(x)):
                y = torch.zeros(x.shape[1])
                for head in range(self.heads):
                    if (layer, head) not in closed_heads:
                        y = y + attention[head, i, j] * (weight[:, head] @ values[j, head])
                if i == j and (layer, i) not in closed_skips:
                    y = y + x[i]
                result[i, j] = ((y - y.mean()) / scale * norm.weight).norm()
        return result

    def zeroing(self, layer, x, output):
        """Cosine distances of Mohebbi et al., EACL 2023: the layer runs once for every token whose value is zero."""
        module, columns = self.layers[layer], []
        for j in range(len(x)):

            def hook(module, arguments, values, j=j):
                values = values.clone()
                values[:, j] = 0
                return values

            handle = module.attention.self.value.register_forward_hook(hook)
            changed = module(x[None])
            changed = (changed[0] if isinstance(changed, tuple) else changed).view(x.shape)
            handle.remove()
            columns.append(1 - torch.nn.functional.cosine_similarity(changed, output, dim=1))
        return torch.stack(columns, dim=1)


def rows_divided(matrix):
    return matrix / matrix.sum(-1, keepdim=True)


def rollout(matrices, target):
    product, rows = None, []
    for matrix in matrices:
        product = matrix if product is None else matrix @ product
        rows.append(product[target])
    return torch.stack(rows)


def maximum_flows(matrices, target):
    """(L, n): networkx's maximum flow from each word to the target after each layer."""
    n, rows = len(matrices[0]), []
    for last in range(len(matrices)):
        graph = networkx.DiGraph()
        for layer, matrix in enumerate(matrices[: last + 1]):
            for i in range(n):
                for j in range(n):
                    graph.add_edge((layer, j), (layer + 1, i), capacity=float(matrix[i, j]))
        rows.append([networkx.maximum_flow_value(graph, (0, j), (last + 1, target)) for j in range(n)])
    return torch.tensor(rows)


def case(name, ids, target, heads=(), skips=()):
    network = Network(MODELS[name])
    network.ablate(heads, skips)
    hidden, attentions, sums = network.run(ids)
    layers = range(len(attentions))
    result = {
        "model": name, "ids": ids, "target": target, "heads": [list(h) for h in heads], "skips": [list(s) for s in skips]
    }
    for kind in ("mean", "max"):
        joined = [p.mean(0) if kind == "mean" else p.max(0).values for p in attentions]
        matrices = [rows_divided(p + torch.eye(len(ids))) for p in joined]
        result[f"rollout_{kind}"] = numbers(rollout(matrices, target))
        result[f"maxflow_{kind}"] = numbers(maximum_flows(matrices, target))
    norms = [network.norms(l, hidden[l], attentions[l], sums[l], heads, skips) for l in layers]
    result["norm"] = numbers(torch.stack([rows_divided(m) for m in norms]))
    result["norm_rollout"] = numbers(rollout([rows_divided(m) for m in norms], target))
    distances = [network.zeroing(l, hidden[l], hidden[l + 1]) for l in layers]
    result["zeroing"] = numbers(torch.stack([rows_divided(m) for m in distances]))
    result["zeroing_rollout"] = numbers(rollout([rows_divided(m) for m in distances], target))
    return result


def numbers(tensor):
    """Nine digits: more than Float has."""
    if tensor.dim() == 0:
        return float(f"{tensor.item():.9g}")
    return [numbers(part) for part in tensor]


def correlations():
    pairs = [
        ([1, 2, 3, 4, 5], [2, 1, 4, 3, 7]),
        ([0.5, 0.5, 0.1, 0.9, 0.1, 0.1], [3, 2, 2, 8, -1, 2]),
        ([1, 1, 2, 2, 3, 3, 3], [9, 8, 7, 7, 7, 1, 1]),
        ([0.3, -0.2, 1e9, 4], [-1, -2, -3, -4]),
    ]
    return [{"x": x, "y": y, "correlation": float(scipy.stats.spearmanr(x, y).statistic)} for x, y in pairs]


def main():
    torch.set_default_dtype(torch.float64)
    golden = json.loads((MODELS["tiny-mlm"] / "expected.json").read_text())
    demo = json.loads((OUTPUT.parent / "demo.json").read_text())
    with torch.no_grad():
        cases = [case("tiny-mlm", golden[index]["ids"], golden[index]["target"]) for index in (0, 4)]
        cases.append(case("demo", demo["ids"], demo["target"]))
        cases.append(case("demo", demo["ids"], demo["target"], heads=[(0, 3), (2, 11)], skips=[(1, 2), (4, demo["target"])]))
    lines = ",\n".join("  " + json.dumps(c) for c in cases)
    OUTPUT.write_text(f'{{"cases": [\n{lines}\n ],\n "correlations": {json.dumps(correlations())}}}\n')


if __name__ == "__main__":
    main()
