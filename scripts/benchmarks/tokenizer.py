"""Encoding a text: ipsh beside Hugging Face `tokenizers`, in turns, one thread each.

The folder holds a tokenizer.json, or vocab.json and merges.txt of GPT-2. Without a text, 2 MB of a random walk over words are made.
"""
import argparse
import os
import random
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

os.environ["TOKENIZERS_PARALLELISM"] = "false"
from tokenizers import ByteLevelBPETokenizer, Tokenizer

WORDS = "the of and to in is that for it was on are as with his they at be this from have or by one had not but what all were when we".split()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", help="path of the ipsh-bench binary")
    parser.add_argument("folder", type=Path)
    parser.add_argument("text", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def made_text():
    generator = random.Random(1)
    words = WORDS + ["".join(generator.choices("etaoinshrdlucmfwypvbgkjqxz", k=generator.randint(3, 12))) for _ in range(20000)]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    return " ".join(generator.choices(words, weights, k=350_000))[:2_000_000]


def tokenizer(folder):
    if (folder / "tokenizer.json").exists():
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    return ByteLevelBPETokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"))


def main():
    options = arguments()
    start = time.perf_counter()
    theirs = tokenizer(options.folder)
    loading = time.perf_counter() - start
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        text = options.text.read_text("utf-8") if options.text else made_text()
        file.write(text)
        file.flush()
        ours = subprocess.Popen(
            [options.bench, "tokenizer", f"folder={options.folder}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def ask(line):
            ours.stdin.write(line + "\n")
            ours.stdin.flush()
            return ours.stdout.readline()

        loaded, size, tokens = ask(file.name).split()
        print(f"loading: ipsh {float(loaded):.3f} s, tokenizers {loading:.3f} s; {int(size) / 1e6:.1f} MB, {tokens} tokens")
        pairs = []
        for _ in range(options.rounds):
            mine = float(ask(""))
            start = time.perf_counter()
            encoding = theirs.encode(text)
            pairs.append((mine, time.perf_counter() - start))
        assert len(encoding.ids) == int(tokens), "the two differ"
        mine, their = (statistics.median(times) for times in zip(*pairs))
        print(f"encoding: ipsh {int(size) / 1e6 / mine:.2f} MB/s, tokenizers {int(size) / 1e6 / their:.2f} MB/s, {their / mine:.2f} times as fast")


if __name__ == "__main__":
    main()
