"""Forward time of a bert-base-shaped random model on 50 x 11 tokens: ipsh beside PyTorch.

The two take turns, so that what else the machine does slows both. PyTorch runs transformers' BertModel in
inference mode with each attention implementation; the faster one counts. Both use the same number of threads.
"""
import argparse
import statistics
import subprocess
import time

import torch
import transformers


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", help="path of the ipsh-bench binary")
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--length", type=int, default=11)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


class Ours:
    def __init__(self, options):
        sizes = [f"{name}={getattr(options, name)}" for name in ("rows", "length", "threads")]
        self.process = subprocess.Popen(
            [options.bench, *sizes], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.description = self.process.stdout.readline().strip()

    def run(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


class Theirs:
    def __init__(self, attention, options):
        config = transformers.BertConfig(attn_implementation=attention)
        self.model = transformers.BertModel(config, add_pooling_layer=False).eval()
        self.ids = torch.arange(options.rows * options.length).reshape(options.rows, -1) * 7919 % 30522

    def run(self):
        with torch.inference_mode():
            start = time.perf_counter()
            self.model(self.ids)
            return time.perf_counter() - start


def measure(runners, rounds):
    times = {name: [] for name in runners}
    for round in range(rounds + 2):  # the first two warm up
        for name, runner in runners.items():
            time.sleep(0.25)  # lets the other's waiting threads go to sleep
            seconds = runner.run()
            if round >= 2:
                times[name].append(seconds)
    return times


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    ours = Ours(options)
    print(f"ipsh: {ours.description}")
    print(f"PyTorch {torch.__version__}, transformers {transformers.__version__}, {torch.get_num_threads()} threads")
    runners = {"ipsh": ours, "eager": Theirs("eager", options), "sdpa": Theirs("sdpa", options)}
    times = measure(runners, options.rounds)
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, median in medians.items():
        print(f"{name:6} median {median * 1e3:7.1f} ms   fastest {min(times[name]) * 1e3:7.1f} ms")
    name = min(("eager", "sdpa"), key=medians.get)
    fastest = min(times[name]) / min(times["ipsh"])
    print(f"PyTorch ({name}) takes {medians[name] / medians['ipsh']:.2f} times as long (fastest runs: {fastest:.2f})")


if __name__ == "__main__":
    main()
