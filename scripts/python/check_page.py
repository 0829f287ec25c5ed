"""Runs the Python blocks of a Markdown page, those that need NumPy too, and compares what they print: check_page.py PAGE"""

import re
import subprocess
import sys

SEPARATOR = "=== next block"

blocks = re.findall(r"^```(\S*[^\n]*)\n(.*?)^```$", open(sys.argv[1], encoding="utf-8").read(), re.MULTILINE | re.DOTALL)
steps = []
previous = ""
for kind, body in blocks:
    if kind in ["python", "python numpy"]:
        steps.append([body, ""])
    elif kind == "text" and previous.startswith("python"):
        steps[-1][1] = body
    previous = kind

assert any("numpy" in kind for kind, _ in blocks), "the page has no such block"
program = f"\nprint({SEPARATOR!r})\n".join(body for body, _ in steps)
printed = subprocess.run([sys.executable, "-"], input=program, capture_output=True, text=True, check=True).stdout
outputs = printed.split(SEPARATOR + "\n")
assert len(outputs) == len(steps), printed
for output, (body, expected) in zip(outputs, steps):
    assert output == expected, f"{body}\nprints\n{output}\nnot\n{expected}"
