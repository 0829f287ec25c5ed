"""Whether an executed notebook has what its cells should show: check_notebook.py FILE"""

import json
import sys

cells = [cell for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
outputs = [output for cell in cells for output in cell["outputs"]]
text = "".join("".join(output.get("text", "")) for output in outputs)
kinds = [kind for output in outputs for kind in output.get("data", {})]
svg = ["".join(output["data"]["image/svg+xml"]) for output in outputs if "image/svg+xml" in output.get("data", {})]

assert all(output["output_type"] != "error" for output in outputs), outputs
assert all(cell["outputs"] for cell in cells), "a cell shows nothing"
assert "demo: BERT, 6 layers" in text and all(f"layer {layer}:" in text for layer in range(6)), text
assert kinds.count("text/html") >= 3 and len(svg) == 3, kinds
assert all(drawing.startswith("<svg") and drawing.rstrip().endswith("</svg>") for drawing in svg)
