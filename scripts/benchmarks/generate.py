"""Continuations of a text: a random model of gpt2's sizes, 16 tokens and 64 more, the likeliest each time, beside transformers.

The two take turns, so that what else the machine does slows both. transformers runs `generate` with its key/value cache in
inference mode, with each attention implementation; the faster one counts. Both have the same weights and the same number of
threads, so that their tokens are compared too, up to the first choice that is too close for the same one.

The model is saved in a temporary folder, 0.5 GB, which is deleted.
"""
import argparse
import json
import statistics
import subprocess
import tempfile
import time

import torch
import transformers

from families import SHAPES


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", help="path of the ipsh-bench binary")
    parser.add_argument("--shapes", nargs="+", choices=[shape for shape in SHAPES if shape != "bert"], default=["gpt2"])
    parser.add_argument("--length", type=int, default=16, help="tokens of the text")
    parser.add_argument("--tokens", type=int, default=64, help="tokens that are added")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


class Ours:
    def __init__(self, folder, options):
        sizes = [f"{name}={getattr(options, name)}" for name in ("length", "tokens", "threads")]
        self.process = subprocess.Popen(
            [options.bench, "generate", f"folder={folder}", *sizes], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.description = self.process.stdout.readline().strip()

    def run(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["seconds"], answer["ids"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Theirs:
    def __init__(self, model, attention, options):
        self.model, self.attention, self.options = model, attention, options
        self.ids = torch.arange(options.length)[None] * 7919 % model.config.vocab_size

    def run(self):
        self.model.set_attn_implementation(self.attention)
        count = self.options.tokens
        with torch.inference_mode():
            start = time.perf_counter()
            ids = self.model.generate(
                self.ids, attention_mask=torch.ones_like(self.ids), do_sample=False, use_cache=True, max_new_tokens=count,
                min_new_tokens=None, eos_token_id=None, pad_token_id=0)
            seconds = time.perf_counter() - start
        return seconds, ids[0, self.options.length:].tolist()

    def margin(self, ids):
        """How far the likeliest token is before the next one behind some tokens."""
        with torch.inference_mode():
            top = self.model(torch.cat([self.ids, torch.tensor([ids], dtype=torch.long)], 1)).logits[0, -1].topk(2).values
        return float(top[0] - top[1])


def compare(ours, theirs, model):
    same = next((index for index, (a, b) in enumerate(zip(ours, theirs)) if a != b), len(theirs))
    if same == len(theirs):
        return f"the same {same} tokens"
    return f"the same {same} tokens, then two whose logits differ by {model.margin(theirs[:same]):.0e}"


def measure(shape, options):
    name, kind, configuration = SHAPES[shape]
    with tempfile.TemporaryDirectory() as folder:
        model = kind(configuration()).eval()
        model.save_pretrained(folder)
        ours = Ours(folder, options)
        runners = {"ipsh": ours, **{attention: Theirs(model, attention, options) for attention in ("eager", "sdpa")}}
        times, tokens = {runner: [] for runner in runners}, {}
        for round in range(options.rounds + 1):  # the first warms up
            for runner in runners:
                time.sleep(0.25)  # lets the other's waiting threads go to sleep
                seconds, tokens[runner] = runners[runner].run()
                if round > 0:
                    times[runner].append(seconds)
        ours.close()
        print(f"{name}: {options.length} tokens and {options.tokens} more; ipsh: {ours.description}")
        medians = {runner: statistics.median(values) for runner, values in times.items()}
        for runner, median in medians.items():
            print(f"  {runner:6} median {median * 1e3:8.1f} ms   fastest {min(times[runner]) * 1e3:8.1f} ms   "
                  f"{options.tokens / median:7.1f} tokens a second")
        best = min(("eager", "sdpa"), key=medians.get)
        print(f"  transformers ({best}) takes {medians[best] / medians['ipsh']:.2f} times as long (fastest runs: "
              f"{min(times[best]) / min(times['ipsh']):.2f}); {compare(tokens['ipsh'], tokens[best], runners[best])}", flush=True)


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    print(f"PyTorch {torch.__version__}, transformers {transformers.__version__}, {torch.get_num_threads()} threads")
    for shape in options.shapes:
        measure(shape, options)


if __name__ == "__main__":
    main()
