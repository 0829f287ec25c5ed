"""How many points influences take: points=auto beside the fewest uniform points, the default's rule, that leave as small a gap.

For each row of a task, on the embedded model: the points that `influence points=auto` took, all tries together, and the fewest of
`points=K` whose completeness gap is at most 1 % of the sum of absolute influences. Then the time of both over all rows, in turns,
each as a process less one that only loads and reads. The default itself, 50 points, is looked at too.
"""
import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

GAP = 0.01


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ipsh", help="path of the ipsh binary")
    parser.add_argument("--task", default="sva_obj")
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


class Session:
    def __init__(self, options):
        self.command = [options.ipsh, "--no-init", "--quiet", "--format", "json"]
        rows = self.run([f"task({options.task})"])[-1]["rows"]
        # Those whose answers are one entry each.
        self.rows = [(row["sentence"], row["correct"], row["wrong"]) for row in rows][: options.rows]

    def run(self, lines):
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "points.ipscript"
            script.write_text('load "demo"\n' + "\n".join(lines) + "\n")
            done = subprocess.run([*self.command, script], check=True, capture_output=True, text=True)
        return [json.loads(line)["result"] for line in done.stdout.splitlines()]

    def questions(self, points):
        """Statements that ask for influences, of None for none."""
        lines = []
        for (sentence, correct, wrong), count in zip(self.rows, points):
            lines += [f"text {json.dumps(sentence)}", f"qoi {correct} - {wrong}"]
            lines += [f"influence points={count}"] if count is not None else []
        return lines

    def influences(self, points):
        found = [each for each in self.run(self.questions(points)) if isinstance(each, dict) and "completeness_gap" in each]
        assert len(found) == len(self.rows)
        return found

    def seconds(self, points):
        start = time.perf_counter()
        self.run(self.questions(points))
        return time.perf_counter() - start


def gap(found):
    """As a part of the sum of absolute influences."""
    return abs(found["completeness_gap"]) / sum(abs(each) for each in found["influence"])


def fewest(session):
    """By doubling, then bisection: the gap of a plain mean falls as 1/K."""
    low, high = [1] * len(session.rows), [32] * len(session.rows)
    while not all(small := [gap(found) <= GAP for found in session.influences(high)]):
        for i in (i for i, is_small in enumerate(small) if not is_small):
            low[i], high[i] = high[i], 2 * high[i]
    while any(h - l > 1 for l, h in zip(low, high)):
        middle = [max(2, (l + h) // 2) for l, h in zip(low, high)]
        for i, found in enumerate(session.influences(middle)):
            if high[i] - low[i] > 1:
                if gap(found) <= GAP:
                    high[i] = middle[i]
                else:
                    low[i] = middle[i]
    return high


def main():
    options = arguments()
    session = Session(options)
    rows = len(session.rows)
    settled = session.influences(["auto"] * rows)
    assert all(gap(found) <= GAP for found in settled)
    auto, uniform = [found["points"] for found in settled], fewest(session)
    print(f"{options.task}, {rows} rows of the embedded model, completeness gap of at most {GAP:.0%}")
    print(f"  points=auto       mean {statistics.mean(auto):6.1f} points, {min(auto)} to {max(auto)}; "
          f"gap mean {statistics.mean(map(gap, settled)):.2%}")
    print(f"  uniform points    mean {statistics.mean(uniform):6.1f} points, {min(uniform)} to {max(uniform)}")
    default = session.influences([50] * rows)
    print(f"  the default       {50:11.1f} points; gap mean {statistics.mean(map(gap, default)):.2%}, "
          f"above {GAP:.0%} in {sum(gap(found) > GAP for found in default)} of {rows} rows")
    print(f"points=auto takes {statistics.mean(auto) / statistics.mean(uniform):.2f} of the points")
    kinds = {"none": [None] * rows, "auto": ["auto"] * rows, "uniform": uniform}
    times = {kind: [] for kind in kinds}
    for _ in range(options.rounds):
        for kind, points in kinds.items():
            times[kind].append(session.seconds(points))
    medians = {kind: statistics.median(each) for kind, each in times.items()}
    auto, uniform = (medians[kind] - medians["none"] for kind in ("auto", "uniform"))
    version = subprocess.run([options.ipsh, "--version"], capture_output=True, text=True).stdout.strip().splitlines()[-1]
    print(f"and {auto / uniform:.2f} of the time: {auto:.2f} s, {uniform:.2f} s ({version})")


if __name__ == "__main__":
    main()
