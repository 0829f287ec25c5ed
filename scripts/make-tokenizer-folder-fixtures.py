#!/usr/bin/env python3
"""Writes Tests/Fixtures/tokenizer/folders.jsonl: tokenizer files of many layouts and what transformers makes of texts.

Needs transformers and tokenizers from PyPI (written with 5.24.0 and 0.23.3; no torch). Each line is one folder, random
by its seed: the text of its files, and texts with the ids and offsets of AutoTokenizer. Usage:

    make-tokenizer-folder-fixtures.py [FOLDERS [FIRST_SEED [FILE]]]
"""

import json
import logging
import os
import random
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="critical")
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers, processors  # noqa: E402
from tokenizers.models import WordPiece  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
ROLES = dict(unk="[UNK]", sep="[SEP]", pad="[PAD]", cls="[CLS]", mask="[MASK]")
WORDS = "the cat ##s sat on mat . , [ ] e1 a ##b caf\u00e9 cafe Cat THE \u4e2d \u4e2d\u6587 ##at ##1 e ##e".split()
ADDED = ["[E1]", "[/E1]", "<ent>", "New", "caf\u00e9", "foo", "fo", "the cat", "\u4e2d\u6587", "@user", "E1", "##x"]


def flags(rng):
    names = ["lstrip", "rstrip", "single_word"]
    return {name: rng.random() < 0.3 for name in names} | dict(normalized=rng.random() < 0.4)


def vocabulary(rng):
    words = list(ROLES.values()) + WORDS
    if rng.random() < 0.3:
        words.insert(rng.randrange(5, len(words)), "")
    # The library would give a missing token the id of another one where lines are repeated.
    if rng.random() < 0.2:
        words.append(rng.choice(words))
    elif rng.random() < 0.3:
        words.remove(rng.choice(["[MASK]", "[PAD]"]))
    if rng.random() < 0.3:
        words += rng.sample([t for t in ADDED if t not in words], 2)
    return words


def vocab_text(rng, words):
    """Lines end in one of two ways; transformers 5 takes a file with another for one line."""
    end = rng.choice(["\n", "\n", "\n", "\r\n"])
    lines = [word + (rng.choice([" ", "\u3000", "\t"]) if rng.random() < 0.02 else "") for word in words]
    return end.join(lines) + rng.choice([end, end, end, ""] + ([end + end] if "" in words else []))


def tokenizer_json(rng, words, lower, added):
    """As the library writes it, but for the model's type."""
    tokenizer = Tokenizer(WordPiece({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lower)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens([name for name in ROLES.values() if name in words])
    tokenizer.add_tokens([AddedToken(name, special=rng.random() < 0.3, **flags(rng)) for name in added])
    special = [(name, words.index(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=special)
    document = json.loads(tokenizer.to_str())
    if rng.random() < 0.5:
        del document["model"]["type"]
    return json.dumps(document, ensure_ascii=rng.random() < 0.5)


def token(rng, name, tagged):
    """A named special token: a string or an object."""
    if rng.random() < 0.6:
        return name
    return dict(content=name, **flags(rng)) | (dict(__type="AddedToken") if tagged else {})


def tokenizer_config(rng, words, lower, added, generic):
    config = dict(do_lower_case=lower)
    name = rng.choice(["BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer", "ElectraTokenizerFast", None])
    if generic:
        name = "PreTrainedTokenizerFast"
    if name:
        config["tokenizer_class"] = name
    if rng.random() < 0.3:
        config["model_max_length"] = rng.choice([8, 10**30, float("inf")])
    if rng.random() < 0.2:
        config["strip_accents"] = rng.choice([True, False, None])
    if rng.random() < 0.2:
        config["tokenize_chinese_chars"] = rng.choice([True, False])
    decoder = rng.random() < 0.4
    if decoder:
        named = [n for n in ROLES.values() if n in words and rng.random() < 0.7] + added
        known = {word: i for i, word in enumerate(words)}
        size = len(known)
        numbers = {}
        for n in named:
            if n not in known:
                known[n] = size
                size += 1
            numbers[str(known[n])] = dict(content=n, special=n in ROLES.values() or rng.random() < 0.3, **flags(rng))
        config["added_tokens_decoder"] = dict(sorted(numbers.items(), key=lambda item: int(item[0])))
    for role, name in ROLES.items():
        if rng.random() < 0.4 and name in words:
            config[f"{role}_token"] = name if decoder else token(rng, name, True)
    if rng.random() < 0.3:
        config["additional_special_tokens"] = rng.sample(added, min(2, len(added)))
    return config


def folder(seed):
    rng = random.Random(seed)
    words = vocabulary(rng)
    lower = rng.random() < 0.6
    added = [name for name in rng.sample(ADDED, rng.randrange(0, 5))]
    files = {"config.json": json.dumps(dict(model_type="bert"))}
    with_json = rng.random() < 0.4
    # A hole would make the library give a new token the id of another one.
    unique = len(set(words)) == len(words)
    if not unique:
        added = []
    if with_json:
        files["tokenizer.json"] = tokenizer_json(rng, words, lower, added if rng.random() < 0.5 else [])
    if not with_json or rng.random() < 0.3:
        files["vocab.txt"] = vocab_text(rng, words)
    generic = with_json and "[MASK]" in words and "[PAD]" in words and rng.random() < 0.3
    if rng.random() < 0.7 or generic:
        files["tokenizer_config.json"] = json.dumps(tokenizer_config(rng, words, lower, added, generic))
    elif not lower and with_json:
        files["tokenizer_config.json"] = json.dumps(dict(do_lower_case=False))
    if rng.random() < 0.4:
        names = {f"{role}_token": token(rng, n, False) for role, n in ROLES.items() if n in words and rng.random() < 0.8}
        if rng.random() < 0.5:
            names["additional_special_tokens"] = rng.sample(added, min(2, len(added)))
        files["special_tokens_map.json"] = json.dumps(names)
    if rng.random() < 0.4 and not with_json:
        new = [name for name in added if name not in words]
        files["added_tokens.json"] = json.dumps({name: len(words) + i for i, name in enumerate(new)})
    return rng, words, added, files


PARTS = [" ", " ", "  ", "\t", "\u00a0", "\u3000", "the", "The", "CAT", "cats", "caf\u00e9", "cafe\u0301", "CAF\u00c9", ".", ",",
         "[", "]", "\u4e2d\u6587", "a", "ab", "_", "1", "zzz", "\u0130", "\u0000", "\u00ad", "[mask]", "[MASK]", "-", "\u200d", "e\u0301"]


def text(rng, added):
    tokens = added + [name.lower() for name in added] + [name.upper() for name in added]
    return "".join(rng.choice(tokens if tokens and rng.random() < 0.35 else PARTS) for _ in range(rng.randrange(1, 12)))


def described(seed, path, texts=8):
    """A line of the file, or None where transformers refuses the folder."""
    rng, words, added, files = folder(seed)
    for name, contents in files.items():
        (path / name).write_bytes(contents.encode())
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(path))
    except Exception as error:
        return dict(seed=seed, refused=f"{type(error).__name__}: {error}")
    rows = []
    for _ in range(texts):
        sentence = text(rng, added)
        try:
            encoding = tokenizer(sentence, return_offsets_mapping=True)
        except Exception:
            # The library does not count the unknown token among the pieces.
            continue
        # A special token that no file numbers has no embedding.
        stated = set(words) | {name for name in added}
        added_by_id = tokenizer.added_tokens_decoder
        found = [str(added_by_id.get(i, tokenizer.convert_ids_to_tokens(i))) for i in encoding["input_ids"]]
        lacks = not stated.issuperset(found)
        rows.append(dict(text=sentence, ids=encoding["input_ids"], offsets=[x for pair in encoding["offset_mapping"] for x in pair], lacks=lacks))
    return dict(seed=seed, files=files, texts=rows)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 110
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    target = Path(sys.argv[3]) if len(sys.argv) > 3 else ROOT / "Tests/Fixtures/tokenizer/folders.jsonl"
    refused = {}
    with target.open("w") as out:
        for seed in range(first, first + count):
            with tempfile.TemporaryDirectory() as scratch:
                line = described(seed, Path(scratch))
            if "refused" in line:
                refused[line["refused"][:80]] = refused.get(line["refused"][:80], 0) + 1
            else:
                out.write(json.dumps(line) + "\n")
    print(count - sum(refused.values()), "folders;", "refused:", refused)


if __name__ == "__main__":
    main()
