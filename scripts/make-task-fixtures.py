#!/usr/bin/env python3
"""Writes the reference values of the built-in tasks on the embedded model that the task tests compare with.

Needs torch, transformers and safetensors from PyPI. Models and tokenizer are those of transformers, in float64, one
sentence at a time. For every task: how many rows are right, and the margins of the first ones: correct - wrong at the
[MASK], or label - other label.

Usage: make-task-fixtures.py        writes Tests/Fixtures/measurement/tasks.json
"""

import json
from pathlib import Path

import torch
from transformers import BertForMaskedLM, BertForSequenceClassification, BertTokenizerFast

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "Sources" / "Checkpoints" / "Resources" / "demo"
TASKS = ROOT / "Sources" / "Measurement" / "Resources"
OUTPUT = ROOT / "Tests" / "Fixtures" / "measurement" / "tasks.json"

SHOWN = 20

tokenizer = BertTokenizerFast.from_pretrained(DEMO)
words = BertForMaskedLM.from_pretrained(DEMO, dtype=torch.float64).eval()
classes = BertForSequenceClassification.from_pretrained(DEMO, dtype=torch.float64).eval()


def masked_margin(fields):
    _, _, sentence, correct, wrong = fields
    encoding = tokenizer(sentence, return_tensors="pt")
    position = encoding["input_ids"][0].tolist().index(tokenizer.mask_token_id)
    logits = words(**encoding).logits[0, position]
    correct, wrong = tokenizer.convert_tokens_to_ids([correct, wrong])
    return (logits[correct] - logits[wrong]).item()


def label_margin(fields):
    sentence, label = fields[0], int(fields[1])
    logits = classes(**tokenizer(sentence, return_tensors="pt")).logits[0]
    return (logits[label] - logits[1 - label]).item()


def reference(path):
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    margin = label_margin if len(rows[0]) == 2 else masked_margin
    with torch.no_grad():
        margins = [margin(row) for row in rows]
    return {"right": sum(m > 0 for m in margins), "margins": [round(m, 9) for m in margins[:SHOWN]]}


result = {path.stem: reference(path) for path in sorted(TASKS.glob("*.tsv"))}
OUTPUT.write_text(json.dumps(result, indent=1) + "\n")
