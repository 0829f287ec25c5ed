"""The cost of the model families: random models with the sizes of bert-base, gpt2, pythia-160m and qwen2.5-0.5b.

For each, with 11 and with 32 tokens: the forward pass of 50 rows, to the last hidden state of every token and the logits of all
words at one position of each row, beside transformers, which runs in inference mode with each attention implementation; the
faster one counts. Both have the same weights, so their logits are compared too. Then patterns of all words at each of the three
levels beside forward passes over the same points and tokens. All take turns, with the same number of threads.

Models are saved one at a time in a temporary folder, at most 2 GB, which is deleted.
"""
import argparse
import gc
import json
import re
import statistics
import subprocess
import tempfile
import time

import torch
import transformers
from transformers import (
    BertConfig, BertForMaskedLM, GPT2Config, GPT2LMHeadModel, GPTNeoXConfig, GPTNeoXForCausalLM, Qwen2Config,
    Qwen2ForCausalLM)

WORD = 1000

SHAPES = {
    "bert": ("bert-base", BertForMaskedLM, lambda: BertConfig()),
    "gpt2": ("gpt2", GPT2LMHeadModel, lambda: GPT2Config()),
    "pythia": ("pythia-160m", GPTNeoXForCausalLM, lambda: GPTNeoXConfig(
        vocab_size=50304, hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072,
        max_position_embeddings=2048, tie_word_embeddings=False, use_parallel_residual=True,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.25})),
    "qwen": ("qwen2.5-0.5b", Qwen2ForCausalLM, lambda: Qwen2Config(
        vocab_size=151936, hidden_size=896, num_hidden_layers=24, num_attention_heads=14, num_key_value_heads=2,
        intermediate_size=4864, max_position_embeddings=32768, rms_norm_eps=1e-6, tie_word_embeddings=True,
        rope_parameters={"rope_type": "default", "rope_theta": 1000000.0})),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", help="path of the ipsh-bench binary")
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=list(SHAPES))
    parser.add_argument("--lengths", nargs="+", type=int, default=[11, 32])
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=7, help="forward passes of each kind")
    parser.add_argument("--points", type=int, default=50, help="0 for no patterns")
    parser.add_argument("--levels", nargs="+", type=int, choices=(1, 2, 3), default=[1, 2, 3])
    parser.add_argument("--repeats", type=int, default=3, help="searches for patterns at each level")
    parser.add_argument("--megabytes", type=int, default=8000, help="memory that a search for patterns may take")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


class Ours:
    def __init__(self, folder, length, options):
        sizes = [f"rows={options.rows}", f"length={length}", f"threads={options.threads}", "logits=1"]
        self.process = subprocess.Popen(
            [options.bench, "forward", f"folder={folder}", *sizes], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        self.description = self.process.stdout.readline().strip()

    def run(self):
        """Seconds, and of each row the logit of one word."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["seconds"], torch.tensor(answer["logits"])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Theirs:
    def __init__(self, model, attention, length, options):
        self.model, self.attention = model, attention
        tokens = torch.arange(options.rows * length).reshape(options.rows, -1)
        self.ids = tokens * 7919 % model.config.vocab_size
        self.position = length // 2 if model.config.model_type == "bert" else length - 1

    def run(self):
        self.model.set_attn_implementation(self.attention)
        with torch.inference_mode():
            start = time.perf_counter()
            # Without a cache, which nothing reads.
            states = self.model.base_model(
                self.ids, **({} if self.model.config.model_type == "bert" else {"use_cache": False}))
            states = states.last_hidden_state[:, self.position]
            head = self.model.cls if hasattr(self.model, "cls") else self.model.get_output_embeddings()
            logits = head(states)
            return time.perf_counter() - start, logits[:, WORD]


def take_turns(runners, rounds):
    times, logits = {name: [] for name in runners}, {}
    for round in range(rounds + 1):  # the first warms up
        for name, runner in runners.items():
            time.sleep(0.25)  # lets the other's waiting threads go to sleep
            seconds, logits[name] = runner.run()
            if round > 0:
                times[name].append(seconds)
    return {name: statistics.median(values) for name, values in times.items()}, logits


def forward(model, folder, length, options):
    ours = Ours(folder, length, options)
    runners = {"ipsh": ours}
    for attention in ("eager", "sdpa"):
        runners[attention] = Theirs(model, attention, length, options)
    medians, logits = take_turns(runners, options.rounds)
    ours.close()
    name = min(("eager", "sdpa"), key=medians.get)
    difference = (logits["ipsh"] - logits["eager"]).abs().max()
    size = logits["eager"].abs().max()
    print(f"  ipsh: {ours.description}")
    print(f"  forward   {options.rows} x {length:<3} " + "".join(
        f"{name} {median * 1e3:8.1f} ms   " for name, median in medians.items()), end="")
    print(f"transformers ({name}) takes {medians[name] / medians['ipsh']:.2f} times as long; "
          f"logits differ by {difference:.0e} of {size:.1f}", flush=True)


def patterns(folder, length, options):
    for level in options.levels:
        sizes = {"length": length, "levels": level, "points": options.points, "repeats": options.repeats,
                 "megabytes": options.megabytes, "threads": options.threads}
        output = subprocess.run(
            [options.bench, "patterns", f"folder={folder}", *(f"{name}={size}" for name, size in sizes.items())],
            check=True, capture_output=True, text=True).stdout
        plain, found = (re.search(rf"^{name} +([0-9.]+) ms", output, re.M)[1] for name in ("forward", "patterns"))
        ratio = re.search(r"^ratio +([0-9.]+)", output, re.M)[1]
        print(f"  patterns  {options.points} x {length:<3} level {level}: {float(found):9.1f} ms = {ratio} forward passes "
              f"of {float(plain):.1f} ms", flush=True)


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    transformers.utils.logging.disable_progress_bar()
    print(f"PyTorch {torch.__version__}, transformers {transformers.__version__}, {torch.get_num_threads()} threads")
    for shape in options.shapes:
        name, kind, configuration = SHAPES[shape]
        with tempfile.TemporaryDirectory() as folder:
            model = kind(configuration()).eval()
            model.save_pretrained(folder)
            print(name)
            for length in options.lengths:
                forward(model, folder, length, options)
            model = None
            gc.collect()  # its memory is the search's
            for length in options.lengths if options.points else []:
                patterns(folder, length, options)


if __name__ == "__main__":
    main()
