#!/usr/bin/env python3
"""Writes what Hugging Face `tokenizers` makes of strings and characters to Tests/Fixtures/tokenizer.

    make-tokenizer-fixtures.py STRINGS.JSONL

Needs the PyPI package tokenizers (made with 0.23.3). STRINGS.JSONL is the `strings.jsonl` of the
tokenizer data: one {"group", "text"} a line; every few lines of each group are taken, and strings
that show how offsets move, random strings and pairs are added. The vocabulary is that of the
embedded model, so the tests need no other file.

encodings.jsonl, a line: {"mode", "text", "pair" (or absent), "ids", "types", "offsets" (flat: start, end, ...), "special",
"words" (0 for the tokens around the texts)}.
characters.tsv, a line: a property of characters and, in hexadecimal, the code points that have it as
ranges FIRST-LAST; for `decomposes` CODE=PART+PART. Surrogates are left out, Hangul syllables too.
"""
import itertools
import json
import pathlib
import random
import sys

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors

ROOT = pathlib.Path(__file__).resolve().parent.parent
VOCABULARY = ROOT / "Sources/Checkpoints/Resources/demo/vocab.txt"
TARGET = ROOT / "Tests/Fixtures/tokenizer"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# mode: lower case, strip accents
MODES = {
    "uncased": (True, None),
    "cased": (False, None),
    "uncased_keep_accents": (True, False),
    "cased_strip_accents": (False, True),
}
# What moves offsets: removed, inserted, expanded, reordered characters.
SHIFTS = [
    "", " ", "\0", "\u0301", "caf\u00e9 cafe\u0301 cafe\u0301\u0300x", "\u0130stanbul I\u0307stanbul", "\u1e9e STRASSE \u00df",
    "\u1e69\u0323s \u1e61\u0323 s\u0323\u0307", "\u0344a\u0344b", "a\u0f73\u0f71b \u0f81\u0f71", "a\u0301\u302eb", "\uac00\u302e\u0301\uac01\u11a8",
    "\u1112\u1161\u11ab \ud55c\uae00", "\u0958\u093c \u0929", "\U0001d15e\U0001d165\U0001d16d \U0001d1bb\U0001d16e", "\u212b\u2126 \ufb1d \ufb2c",
    "\u4e2d\u6587abc\u5b57", "\U0002b820\U0002b740\U0002f800", "a\u00adb\u200bc\u200dd", "\ufffdx\ufffd", "don't!!stop--now...", "a\u3000b\u00a0c\u2028d\te\r\nf",
    "the [MASK] was[SEP]here [mask] [ MASK ] [MASK][MASK]", "[CLS] [PAD] [UNK] [unused0]", "[MASK\u0301] [\u200bMASK]", "\u0130" * 99, "\u0130" * 51,
    "e\u0301" * 100, "e\u0301" * 101, "a" * 100, "a" * 101, "x" * 5000, "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea 1\ufe0f\u20e3",
    "\u03a3\u03a3 \u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3", "\u1885a\u1886 \ua9bd \u111c9 \u1734 \u1171e \u166d", "\U00011935\U00011930 \U00011938", "unaffable unbelievably tokenization",
]
PAIRS = [
    ("the keys", "to the cabinet are here ."), ("", ""), ("", "caf\u00e9"), ("[MASK] one", "[SEP] tw\u00f3"), ("\u4e2d", "a\u0301b"),
]
# Weights towards what is treated specially; no surrogates.
RANGES = [
    (0x20, 0x7F, 8), (0x00, 0x20, 1), (0x7F, 0x250, 4), (0x300, 0x370, 3), (0x370, 0x600, 2), (0x600, 0xE00, 2), (0xF00, 0x1000, 1),
    (0x1100, 0x1200, 1), (0x1AB0, 0x1F00, 2), (0x1E00, 0x2070, 2), (0x302A, 0x3100, 1), (0x4E00, 0x4E20, 1), (0xA900, 0xAC00, 1),
    (0xAC00, 0xAC20, 1), (0xF900, 0xFB50, 1), (0xFFF0, 0x10000, 1), (0x10A00, 0x11D00, 2), (0x1D150, 0x1D1C0, 1), (0x1F300, 0x1F700, 1),
    (0x2B810, 0x2B930, 1), (0xE000, 0x110000, 1),
]


def tokenizer(lowercase, strip_accents):
    vocabulary = {piece: i for i, piece in enumerate(VOCABULARY.read_text("utf-8").splitlines())}
    result = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    result.normalizer = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=strip_accents, lowercase=lowercase)
    result.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    result.post_processor = processors.BertProcessing(
        ("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"]))
    result.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL])
    return result


def sampled(path):
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    for _, group in itertools.groupby(rows, key=lambda row: row["group"]):
        group = [row["text"] for row in group if len(row["text"]) < 400]
        yield from group[:: max(1, len(group) // 16)]


def random_string(generator):
    lows, highs, weights = zip(*RANGES)
    chosen = generator.choices(range(len(RANGES)), weights, k=generator.randint(1, 24))
    return "".join(chr(generator.randrange(lows[i], highs[i])) for i in chosen)


def bert_normalizer(clean=False, chinese=False, strip=False):
    return normalizers.BertNormalizer(
        clean_text=clean, handle_chinese_chars=chinese, strip_accents=strip, lowercase=False).normalize_str


def properties():
    """Each with a test of one character, made from what the library does to it."""
    clean, chinese, strip = bert_normalizer(clean=True), bert_normalizer(chinese=True), bert_normalizer(strip=True)
    decompose = normalizers.NFD().normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    yield "removed", lambda c: clean(c) == ""
    yield "separator", lambda c: len(split(f"a{c}b")) == 2
    yield "punctuation", lambda c: len(split(f"a{c}b")) == 3
    yield "ideograph", lambda c: chinese(c) != c
    yield "nonspacing", lambda c: decompose(c) == c and strip(c) == ""
    # A mark of class 1 goes in front of every mark of a higher class.
    yield "reordered", lambda c: decompose(c) == c and decompose(f"a{c}\u0334") != f"a{c}\u0334"


def ranges(values):
    for _, run in itertools.groupby(enumerate(values), key=lambda pair: pair[1] - pair[0]):
        run = [value for _, value in run]
        yield f"{run[0]:X}-{run[-1]:X}"


def write_characters():
    decompose = normalizers.NFD().normalize_str
    values = [value for value in range(0x110000) if not 0xD800 <= value < 0xE000]
    with open(TARGET / "characters.tsv", "w", encoding="ascii", newline="\n") as file:
        for name, test in properties():
            file.write("\t".join([name, *ranges([value for value in values if test(chr(value))])]) + "\n")
        parts = {value: decompose(chr(value)) for value in values if not 0xAC00 <= value <= 0xD7A3}
        entries = [
            f"{value:X}=" + "+".join(f"{ord(part):X}" for part in text)
            for value, text in parts.items() if text != chr(value)]
        file.write("\t".join(["decomposes", *entries]) + "\n")


def write_encodings(strings):
    generator = random.Random(20)
    cases = [(text, None, mode) for text in SHIFTS for mode in ("uncased", "cased_strip_accents")]
    mode = itertools.cycle(MODES)
    texts = list(sampled(strings))
    cases += [(text, None, next(mode)) for text in texts]
    cases += [(random_string(generator), None, next(mode)) for _ in range(200)]
    cases += [(first, second, next(mode)) for first, second in PAIRS * 2]
    cases += [(a, b, next(mode)) for a, b in zip(texts[::12], texts[6::12])]
    tokenizers = {name: tokenizer(*flags) for name, flags in MODES.items()}
    with open(TARGET / "encodings.jsonl", "w", encoding="ascii", newline="\n") as file:
        for text, pair, mode_name in cases:
            encoding = tokenizers[mode_name].encode(text, pair)
            row = {"mode": mode_name, "text": text}
            if pair is not None:
                row["pair"] = pair
            row["ids"] = encoding.ids
            row["types"] = encoding.type_ids
            row["offsets"] = [bound for offsets in encoding.offsets for bound in offsets]
            row["special"] = encoding.special_tokens_mask
            row["words"] = [word or 0 for word in encoding.word_ids]
            file.write(json.dumps(row, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write_encodings(sys.argv[1])
    write_characters()
