"""What a row costs, and where shards stop helping: the numbers of Sources/Measurement/GROWTH.md.

rows: seconds of one row of each verb on random BERTs, one size varied at a time around the embedded model's: tokens, layers,
heads, width. The program runs each command twice on the same rows, and the second time counts.
shards: the same sweep by one process with all threads, and by 1, 2, 4 and 8 shares of one thread each, two at a time; the
gathering; whether the gathered file is the single process's to the byte.
fixed: what a process pays before its first row, for the embedded model and for one of bert-base's size, with the file in the
page cache and, where this user may drop that, without; and how many rows a second the file of a share takes.
blimp: seconds of a minimal pair on bert-base's shape, which the page multiplies.
"""
import argparse
import json
import os
import re
import resource
import subprocess
import tempfile
import time
from pathlib import Path

import torch
import transformers
from transformers.utils import logging

SENTENCE = {"layers": 6, "heads": 12, "hidden": 384, "length": 16}
VARIED = {"length": [8, 16, 32, 64, 128], "layers": [3, 6, 12, 24], "heads": [3, 6, 12, 24], "hidden": [192, 384, 768, 1536]}
# Rows are many enough for a batch; what costs most per row gets fewer.
COMMANDS = {
    "measure": ("measure(t, rows=32)", 32),
    "score": ("score(s, rows=8)", 8),
    "sweep heads": ("sweep(heads, on=t, rows=8)", 8),
    "attribute heads": ("attribute(heads, on=t, by=zero, rows=8)", 8),
    "patterns": ("patterns(t, rows=4)", 4),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ipsh", help="path of the ipsh binary")
    parser.add_argument("parts", nargs="*", default=["rows", "shards", "fixed", "blimp"])
    return parser.parse_args()


class Ipsh:
    def __init__(self, path):
        self.path = path

    def start(self, script, *options, **more):
        done = subprocess.run([self.path, "--no-init", *options, script], text=True, capture_output=True, **more)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        return done

    def run(self, lines, *options):
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "growth.ipscript"
            script.write_text("\n".join(lines) + "\n")
            return self.start(script, *options)

    def times(self, lines):
        return [float(text) / 1e3 for text in re.findall(r"^time: ([0-9.]+) ms", self.run(lines).stderr, re.M)]


VOCABULARY = Path("Sources/Checkpoints/Resources/demo/vocab.txt")


def model(folder, layers, heads, hidden, vocabulary=None):
    """A random BERT with the embedded model's word pieces."""
    torch.manual_seed(0)
    pieces = VOCABULARY.read_text().split("\n")
    config = transformers.BertConfig(
        vocab_size=vocabulary or len(pieces) - 1, num_hidden_layers=layers, num_attention_heads=heads, hidden_size=hidden,
        intermediate_size=4 * hidden)
    transformers.BertForMaskedLM(config).eval().save_pretrained(folder)
    filler = [f"[more{i}]" for i in range(config.vocab_size - len(pieces) + 1)]
    (Path(folder) / "vocab.txt").write_text("\n".join(pieces[:-1] + filler) + "\n")


def tasks(folder, length):
    """Rows of `length` tokens, [CLS] and [SEP] among them: masked ones, and the same as plain text."""
    words = [word for word in VOCABULARY.read_text().split("\n") if re.fullmatch("[a-z]{3,}", word)]
    sentences = [[words[(row * length + place) * 7919 % len(words)] for place in range(length - 2)] for row in range(32)]
    masked = [[*words[:-2], "[MASK]", words[-1]] for words in sentences]
    rows = "".join(f"t\tall\t{' '.join(words)}\tis\tare\n" for words in masked)
    (Path(folder) / "t.tsv").write_text(rows)
    (Path(folder) / "s.txt").write_text("".join(" ".join(words) + "\n" for words in sentences))


def rows(ipsh):
    print("seconds of a row; one size varied, the others " + ", ".join(f"{name} {size}" for name, size in SENTENCE.items()))
    seen = {}
    for varied, sizes in VARIED.items():
        print(f"{varied:8}" + "".join(f"{name:>18}" for name in COMMANDS))
        for size in sizes:
            shape = SENTENCE | {varied: size}
            key = tuple(shape.values())
            if key not in seen:
                seen[key] = row(ipsh, **shape)
            print(f"{size:8}" + "".join(f"{seconds:18.5f}" for seconds in seen[key]), flush=True)


def row(ipsh, length, **shape):
    with tempfile.TemporaryDirectory() as folder:
        model(folder, **shape)
        tasks(folder, length)
        start = [f'load "{folder}" as m', f'let t = task("{folder}/t.tsv")', f'let s = task("{folder}/s.txt")']
        statements = [f"time let r{i} = {command}" for i, (command, _) in enumerate(COMMANDS.values())]
        times = ipsh.times(start + [line for statement in statements for line in (statement, statement)])
    return [seconds / count for seconds, (_, count) in zip(times[1::2], COMMANDS.values())]


SWEEP = ['load "demo"', 'sweep(heads, on=sva_obj, file="s.jsonl")']


def shards(ipsh):
    print("a sweep over 72 heads, 200 rows of 11 tokens, the embedded model")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "s.ipscript"
        script.write_text("\n".join(SWEEP) + "\n")
        whole = Path(folder) / "s.jsonl"

        def timed(command):
            start = time.perf_counter()
            subprocess.run(command, shell=True, check=True, cwd=folder, stdout=subprocess.DEVNULL)
            return time.perf_counter() - start

        threads = os.cpu_count()
        seconds = timed(f"{ipsh.path} --no-init -q --threads {threads} s.ipscript")
        print(f"one process, {threads} threads  {seconds:7.1f} s")
        whole.unlink()
        single = timed(f"{ipsh.path} --no-init -q --threads 1 s.ipscript")
        print(f"one process, 1 thread   {single:7.1f} s")
        expected = whole.read_bytes()
        whole.unlink()
        for count in (1, 2, 4, 8):
            seconds = timed(f"seq 0 {count - 1} | xargs -P {threads} -I@ "
                            f"{ipsh.path} --no-init -q --threads 1 --shard @/{count} s.ipscript")
            gathering = timed(f"{ipsh.path} --no-init -q --threads 1 --gather {count} s.ipscript")
            same = whole.read_bytes() == expected
            whole.unlink()
            print(f"{count} shares, {threads} at a time  {seconds:7.1f} s = {single / seconds:.2f} times one thread's speed, "
                  f"gathering {gathering:.2f} s, " + ("the same file" if same else "ANOTHER FILE"), flush=True)


def fixed(ipsh):
    with tempfile.TemporaryDirectory() as folder:
        model(folder, 12, 12, 768, vocabulary=30522)
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        for name, source in (("embedded", "demo"), (f"bert-base's size, {size / 1e6:.0f} MB", folder)):
            print(f"a process that loads {name}: {processes(ipsh, source):.2f} s of one thread")
            if os.geteuid() == 0 and drop_cache():
                print(f"  with nothing in the page cache: {processes(ipsh, source, drops=True):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        model(folder, 1, 1, 8)
        tasks(folder, 5)
        lines = (Path(folder) / "s.txt").read_text() * 1000
        (Path(folder) / "s.txt").write_text(lines)
        count = lines.count("\n")
        start = [f'load "{folder}" as m', f'let s = task("{folder}/s.txt")']
        filed = [*start, f'time let c = score(s, file="{folder}/f.jsonl")']
        plain = ipsh.times([*start, "let a = score(s)", "time let b = score(s)"])[0]
        seconds = ipsh.times(filed)[0] - plain
        size = (Path(folder) / "f.jsonl").stat().st_size
        print(f"rows in a file: {count} rows of {size / count:.0f} bytes take {seconds:.2f} s more than none, "
              f"{count / seconds:.0f} a second")
        for index in range(8):
            ipsh.run(filed, "--shard", f"{index}/8")
        started = time.perf_counter()
        ipsh.run(filed, "--gather", "8")
        gathering = time.perf_counter() - started
        print(f"gathering these from 8 shares: {gathering:.2f} s, {count / gathering:.0f} a second")


def drop_cache():
    try:
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("1\n")
        return True
    except OSError:
        return False


def processes(ipsh, source, drops=False, repeats=5):
    times = []
    for _ in range(repeats):
        if drops:
            drop_cache()
        start = time.perf_counter()
        ipsh.run([f'load "{source}" as m'], "--threads", "1")
        times.append(time.perf_counter() - start)
    return sorted(times)[repeats // 2]


def blimp(ipsh):
    data = os.environ.get("IPSH_DATA")
    if not data:
        print("blimp: skipped, IPSH_DATA names no folder with blimp/")
        return
    with tempfile.TemporaryDirectory() as folder:
        model(folder, 12, 12, 768, vocabulary=30522)
        total = pairs = 0
        for path in sorted((Path(data) / "blimp").glob("*.jsonl"))[::8]:
            lines = [f'load "{folder}" as m', f'let b = task("{path}")', "let a = score(b, rows=2)", "time let r = score(b, rows=16)"]
            total, pairs = total + ipsh.times(lines)[-1], pairs + 16
    print(f"a minimal pair on bert-base's shape: {total / pairs:.3f} s ({pairs} pairs of {pairs // 16} paradigms)")


def main():
    options = arguments()
    logging.disable_progress_bar()
    ipsh = Ipsh(os.path.abspath(options.ipsh))
    version = subprocess.run([options.ipsh, "--version"], check=True, text=True, capture_output=True).stdout
    print(version.strip())
    for part in options.parts:
        {"rows": rows, "shards": shards, "fixed": fixed, "blimp": blimp}[part](ipsh)


if __name__ == "__main__":
    main()
