"""Attribution scores of a pair of texts: a random model of gpt2's sizes, beside forward passes and beside EAP and EAP-IG on transformers.

The two take turns, so that what else the machine does slows both. The Python side scores edges as the authors of EAP-IG do, by
hooks: what each source writes is kept of both texts; on the way back the gradient of what each target reads, one for each query,
key and value of every head, is multiplied with the differences of all sources before it at once. Both have the same weights and
the same number of threads, so that their scores are compared too.

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

METHODS = ["forward", "atp", "eap", "eap-ig"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", help="path of the ipsh-bench binary")
    parser.add_argument("--length", type=int, default=15, help="tokens of each text")
    parser.add_argument("--points", type=int, default=5, help="of eap-ig")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


class Ours:
    def __init__(self, folder, options):
        sizes = [f"{name}={getattr(options, name)}" for name in ("length", "points", "threads")]
        self.process = subprocess.Popen(
            [options.bench, "scores", f"folder={folder}", *sizes], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.description = self.process.stdout.readline().strip()

    def run(self, method):
        self.process.stdin.write(method + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["seconds"], answer["scores"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Theirs:
    """EAP and EAP-IG on GPT-2."""

    def __init__(self, model, options):
        self.model, self.points = model, options.points
        config = model.config
        self.layers, self.heads, self.d = config.n_layer, config.n_head, config.n_embd
        self.size = self.d // self.heads
        vocabulary = config.vocab_size
        self.clean = (torch.arange(1, options.length + 1) * 7919 % vocabulary)[None]
        self.other = self.clean.clone()
        for position in (3, 7):
            if position < options.length:
                self.other[0, position] = (self.clean[0, position] + 101) % vocabulary
        self.right, self.wrong = 2003 % vocabulary, 2024 % vocabulary
        for parameter in model.parameters():
            parameter.requires_grad_(False)

    def words(self, ids):
        return self.model.transformer.wte(ids)

    def quantity(self, words):
        logits = self.model(inputs_embeds=words, use_cache=False).logits[0, -1]
        return logits[self.right] - logits[self.wrong]

    def sources(self, words):
        """What every source writes: (S, n, d)."""
        kept, handles = {}, []
        blocks = self.model.transformer.h
        handles.append(blocks[0].register_forward_pre_hook(
            lambda m, a, k: kept.__setitem__((-1, "embed"), a[0] if a else k["hidden_states"]), with_kwargs=True))
        for layer, block in enumerate(blocks):
            handles.append(block.attn.c_proj.register_forward_pre_hook(
                lambda m, a, layer=layer: kept.__setitem__((layer, "z"), a[0])))
            handles.append(block.mlp.register_forward_hook(
                lambda m, a, out, layer=layer: kept.__setitem__((layer, "mlp"), out)))
        with torch.no_grad():
            self.quantity(words)
        for handle in handles:
            handle.remove()
        written = [kept[-1, "embed"][0][None]]
        for layer, block in enumerate(blocks):
            z = kept[layer, "z"][0].view(-1, self.heads, self.size)
            weight = block.attn.c_proj.weight.view(self.heads, self.size, self.d)
            written += [torch.einsum("nhk,hkd->hnd", z, weight), kept[layer, "mlp"][0][None]]
        return torch.cat(written)

    def gradients(self, norm, x, g):
        """The gradient of a layer norm's input for gradients g (..., n, d) of its output."""
        centred = x - x.mean(-1, keepdim=True)
        scale = (centred.pow(2).mean(-1, keepdim=True) + norm.eps).rsqrt()
        normal, g = centred * scale, g * norm.weight
        return scale * (g - g.mean(-1, keepdim=True) - normal * (g * normal).mean(-1, keepdim=True))

    def add(self, words, differences, scores):
        """Adds the scores of every edge with the gradients at these words."""
        kept, handles = {}, []
        blocks = self.model.transformer.h

        def keep(name, tensor):
            tensor.retain_grad()
            kept[name] = tensor

        for layer, block in enumerate(blocks):
            handles.append(block.register_forward_pre_hook(
                lambda m, a, k, layer=layer: kept.__setitem__((layer, "x"), a[0] if a else k["hidden_states"]),
                with_kwargs=True))
            handles.append(block.attn.c_attn.register_forward_hook(
                lambda m, a, out, layer=layer: keep((layer, "qkv"), out)))
            handles.append(block.ln_2.register_forward_hook(
                lambda m, a, out, layer=layer: (kept.__setitem__((layer, "mid"), a[0]), keep((layer, "normed"), out))[2:] or None))
        handles.append(self.model.transformer.ln_f.register_forward_hook(
            lambda m, a, out: (kept.__setitem__("last", a[0]), keep("final", out))[2:] or None))
        self.quantity(words.requires_grad_(True)).backward()
        for handle in handles:
            handle.remove()
        flat = differences.flatten(1)
        place = 0
        with torch.no_grad():
            for layer, block in enumerate(blocks):
                before = 1 + layer * (self.heads + 1)
                g = kept[layer, "qkv"].grad[0].view(-1, 3, self.heads, self.size)
                weight = block.attn.c_attn.weight.view(self.d, 3, self.heads, self.size)
                g = torch.einsum("nthk,dthk->thnd", g, weight)
                g = self.gradients(block.ln_1, kept[layer, "x"][0].detach(), g).flatten(0, 1).flatten(1)
                part = (g @ flat[:before].T).flatten()
                scores[place:place + len(part)] += part
                place += len(part)
                g = self.gradients(block.ln_2, kept[layer, "mid"][0].detach(), kept[layer, "normed"].grad[0]).flatten()
                part = flat[:before + self.heads] @ g
                scores[place:place + len(part)] += part
                place += len(part)
            g = self.gradients(self.model.transformer.ln_f, kept["last"][0].detach(), kept["final"].grad[0]).flatten()
            scores[place:] += flat @ g

    def run(self, method):
        start = time.perf_counter()
        clean, other = self.words(self.clean), self.words(self.other)
        if method == "forward":
            with torch.no_grad():
                hidden = self.model.transformer(inputs_embeds=clean, use_cache=False).last_hidden_state[0, -1]
                self.model.lm_head(hidden)
            return time.perf_counter() - start, []
        differences = self.sources(clean) - self.sources(other)
        sources = len(differences)
        count = sum(
            3 * self.heads * (1 + layer * (self.heads + 1)) + 1 + layer * (self.heads + 1) + self.heads
            for layer in range(self.layers)) + sources
        scores = torch.zeros(count)
        alphas = [1.0] if method == "eap" else [k / self.points for k in range(self.points)]
        for alpha in alphas:
            self.add((other + alpha * (clean - other)).detach(), differences, scores)
        scores /= len(alphas)
        return time.perf_counter() - start, scores.tolist()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    print(f"PyTorch {torch.__version__}, transformers {transformers.__version__}, {torch.get_num_threads()} threads")
    name, kind, configuration = SHAPES["gpt2"]
    model = kind(configuration()).eval()
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        ours, theirs = Ours(folder, options), Theirs(model, options)
        times, scores = {}, {}
        for round in range(options.rounds + 1):  # the first warms up
            for method in METHODS:
                for side, runner in (("ipsh", ours), ("transformers", theirs)):
                    if side == "transformers" and method == "atp":
                        continue
                    time.sleep(0.1)  # lets the other's waiting threads go to sleep
                    seconds, scores[side, method] = runner.run(method)
                    if round > 0:
                        times.setdefault((side, method), []).append(seconds)
        ours.close()
    medians = {key: statistics.median(values) for key, values in times.items()}
    print(f"{name}: two texts of {options.length} tokens, eap-ig with {options.points} points; ipsh: {ours.description}")
    for (side, method), median in medians.items():
        forward = medians[side, "forward"]
        print(f"  {side:12} {method:8} median {median * 1e3:8.1f} ms   {median / forward:5.2f} forward passes")
    for method in ("eap", "eap-ig"):
        own, other = (torch.tensor(scores[side, method]) for side in ("ipsh", "transformers"))
        difference = float((own - other).abs().max() / other.abs().max())
        print(f"  {method}: transformers takes {medians['transformers', method] / medians['ipsh', method]:.2f} times as long; "
              f"{len(own)} edges, largest difference {difference:.1e} of the largest score")


if __name__ == "__main__":
    main()
