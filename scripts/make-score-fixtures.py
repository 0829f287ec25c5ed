#!/usr/bin/env python3
"""Writes the reference numbers of the embedded model that the tests of `score`, `measure` and `sweep` compare with.

Needs torch and transformers from PyPI. In float64: each token of a sentence is replaced by [MASK] in a run of its own,
and its log-probability read in its place. `token` masks the token alone (Salazar et al., ACL 2020), `l2r` also the
later tokens of the same word by the tokenizer's word ids (Kauf and Ivanova, ACL 2023). [CLS], [SEP] and a [MASK] in
the text have none. For the first rows of sva_obj, the logit of the right word less that of the wrong one, as the model
is and with one head's context vectors set to zero.

Usage: make-score-fixtures.py        writes Tests/Fixtures/scores/demo.json
"""

import json
from pathlib import Path

import torch
from transformers import BertForMaskedLM, BertTokenizerFast

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "Sources" / "Checkpoints" / "Resources" / "demo"
TASK = ROOT / "Sources" / "Measurement" / "Resources" / "sva_obj.tsv"
OUTPUT = ROOT / "Tests" / "Fixtures" / "scores" / "demo.json"

TEXTS = [
    "the cat sat on the mat .",
    "the author that the guards like is young .",
    "the author that the guards like are young .",
    "The traveler lost the souvenir.",
    "Unbelievably, hippopotamuses' antidisestablishmentarianism re-emerged!",
    "paris [MASK] the capital of france .",
    "a",
    "\u2603 snow",
]

ROWS = 20
HEADS = [(0, 2), (3, 1), (5, 8)]


def quantities(model, tokenizer):
    """correct - wrong of each row."""
    result = []
    for line in TASK.read_text().splitlines()[:ROWS]:
        _, _, sentence, correct, wrong = line.split("\t")
        encoding = tokenizer(sentence, return_tensors="pt")
        position = encoding["input_ids"][0].tolist().index(tokenizer.mask_token_id)
        with torch.no_grad():
            logits = model(**encoding).logits[0, position]
        right, other = tokenizer.convert_tokens_to_ids([correct, wrong])
        result.append((logits[right] - logits[other]).item())
    return result


def without_head(model, layer, head, body):
    """`body` with what a head hands to the output projection set to zero."""
    size = model.config.hidden_size // model.config.num_attention_heads

    def zero(_, inputs):
        context = inputs[0].clone()
        context[..., head * size:(head + 1) * size] = 0
        return (context,)

    hook = model.bert.encoder.layer[layer].attention.output.dense.register_forward_pre_hook(zero)
    try:
        return body()
    finally:
        hook.remove()


def logprobs(model, tokenizer, encoding, l2r):
    ids = torch.tensor(encoding["input_ids"])
    words = encoding.word_ids()
    special = {tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.mask_token_id, tokenizer.pad_token_id}
    result = []
    for position, token in enumerate(encoding["input_ids"]):
        if token in special:
            result.append(None)
            continue
        masked = ids.clone()
        masked[position] = tokenizer.mask_token_id
        if l2r:
            for later in range(position + 1, len(words)):
                if words[later] == words[position]:
                    masked[later] = tokenizer.mask_token_id
        with torch.no_grad():
            logits = model(input_ids=masked[None]).logits[0, position]
        result.append(torch.log_softmax(logits, dim=-1)[token].item())
    return result


def main():
    tokenizer = BertTokenizerFast.from_pretrained(DEMO)
    model = BertForMaskedLM.from_pretrained(DEMO, attn_implementation="eager").double().eval()
    rows = []
    for text in TEXTS:
        encoding = tokenizer(text)
        rows.append({
            "text": text, "tokens": tokenizer.convert_ids_to_tokens(encoding["input_ids"]),
            "token": logprobs(model, tokenizer, encoding, False),
            "l2r": logprobs(model, tokenizer, encoding, True),
        })
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    heads = {
        f"L{layer}H{head}": without_head(model, layer, head, lambda: quantities(model, tokenizer))
        for layer, head in HEADS
    }
    fixture = {"scores": rows, "sva_obj": quantities(model, tokenizer), "without": heads}
    OUTPUT.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
