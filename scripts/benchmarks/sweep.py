"""A sweep over all heads of a bert-base-shaped random model, 50 x 11 tokens: ipsh beside PyTorch with hooks.

Each head is zeroed in turn, and the mean over the sentences of a difference of two logits at one position is read. PyTorch runs
transformers' BertForMaskedLM in inference mode with a pre-hook on the attention's output projection that zeroes the head's
columns, all sentences in one batch, and the vocabulary head at that position only. The two take turns: after every few of
PyTorch's layers ipsh makes a whole sweep. Both have the same weights, so their results are compared too.
"""
import argparse
import json
import statistics
import subprocess
import tempfile
import time

import torch
import transformers

TARGET, CORRECT, WRONG = 5, 1000, 2000


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", help="path of the ipsh-bench binary")
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--length", type=int, default=11)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--sweeps", type=int, default=4, help="how many sweeps ipsh makes")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


class Ours:
    def __init__(self, folder, options):
        sizes = [f"{name}={getattr(options, name)}" for name in ("rows", "length", "threads")]
        sizes += [f"target={TARGET}", f"correct={CORRECT}", f"wrong={WRONG}"]
        self.process = subprocess.Popen(
            [options.bench, "sweep", f"folder={folder}", *sizes], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        self.description = self.process.stdout.readline().strip()

    def run(self):
        """Seconds, and the mean of the quantity for each head, layer by layer."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["seconds"], torch.tensor(answer["means"], dtype=torch.float64)


class Theirs:
    def __init__(self, model, options):
        self.model = model
        self.ids = torch.arange(options.rows * options.length).reshape(options.rows, -1) * 7919 % 30522

    def quantity(self):
        states = self.model.bert(self.ids).last_hidden_state[:, TARGET]
        logits = self.model.cls(states)
        return (logits[:, CORRECT] - logits[:, WRONG]).double().mean()

    def run(self, layer):
        """Seconds and means for the heads of one layer."""
        heads = self.model.config.num_attention_heads
        size = self.model.config.hidden_size // heads
        projection = self.model.bert.encoder.layer[layer].attention.output.dense
        means = []
        with torch.inference_mode():
            start = time.perf_counter()
            for head in range(heads):
                def zero(module, inputs, head=head):
                    context = inputs[0].clone()
                    context[..., head * size:(head + 1) * size] = 0
                    return (context,)

                hook = projection.register_forward_pre_hook(zero)
                means.append(self.quantity())
                hook.remove()
            return time.perf_counter() - start, means


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    config = transformers.BertConfig(num_hidden_layers=options.layers, attn_implementation="sdpa")
    model = transformers.BertForMaskedLM(config).eval()
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        ours = Ours(folder, options)
    print(f"ipsh: {ours.description}")
    print(f"PyTorch {torch.__version__}, transformers {transformers.__version__}, {torch.get_num_threads()} threads")
    theirs = Theirs(model, options)
    ours.run()  # warms up
    theirs.run(0)
    sweeps, layers, expected = [], [], []
    for layer in range(options.layers):
        if layer % (options.layers // options.sweeps) == 0:
            time.sleep(0.25)  # lets waiting threads go to sleep
            seconds, means = ours.run()
            sweeps.append(seconds)
            time.sleep(0.25)
        seconds, values = theirs.run(layer)
        layers.append(seconds)
        expected += values
    report(sweeps, layers, means, torch.stack(expected))


def report(sweeps, layers, means, expected):
    count = len(layers)
    median = statistics.median(layers) * count / statistics.median(sweeps)
    fastest = min(layers) * count / min(sweeps)
    print(f"ipsh    median {statistics.median(sweeps):6.1f} s   fastest {min(sweeps):6.1f} s   ({len(sweeps)} sweeps)")
    print(f"PyTorch median {statistics.median(layers) * count:6.1f} s   fastest {min(layers) * count:6.1f} s   ({count} layers)")
    print(f"PyTorch takes {median:.2f} times as long (fastest runs: {fastest:.2f})")
    print(f"largest difference of a mean: {(means - expected).abs().max():.1e} of {expected.abs().max():.2f}")


if __name__ == "__main__":
    main()
