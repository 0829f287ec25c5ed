"""Arrays that NumPy and safetensors write are read to the same bits, and what is saved they read to the same bits."""

import json
import subprocess
import zipfile

import numpy as np
import safetensors.numpy

process = subprocess.Popen(["ipsh", "--serve", "-q"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")


def ipsh(code):
    print(json.dumps({"id": 1, "code": code}), file=process.stdin, flush=True)
    reply = json.loads(process.stdout.readline())
    assert reply["error"] is None, reply["error"]["text"]
    return [result["result"] for result in reply["results"]]


def same(a, b):
    """Of one type, shape and bits."""
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


random = np.random.default_rng(1)
bits = random.integers(0, 1 << 32, size=(3, 5, 7), dtype=np.uint32)
# Every bit pattern but those of signalling NaNs, which a processor may quiet; infinities, zeros of both signs, subnormals.
floats = bits.view(np.float32).copy()
floats[np.isnan(floats)] = np.nan
floats.flat[:8] = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-45, -1e-45, np.finfo(np.float32).max]

# Written by NumPy, read, saved, read by NumPy.
np.save("c.npy", floats)
np.save("f.npy", np.asfortranarray(floats))
np.save("big.npy", floats.astype(">f4"))
np.savez("stored.npz", a=floats, transposed=floats.T)
np.savez_compressed("packed.npz", a=floats)
with zipfile.ZipFile("wide.npz", "w") as archive, archive.open("a.npy", "w", force_zip64=True) as file:
    np.lib.format.write_array(file, floats)
for version in [(1, 0), (2, 0), (3, 0)]:
    with open(f"v{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, floats, version=version)
safetensors.numpy.save_file({"a": floats, "b": floats[0].copy()}, "a.safetensors")

sources = [f'read("{name}.npy")' for name in ["c", "f", "big", "v1", "v2", "v3"]]
sources += ['read("stored.npz").a', 'read("packed.npz").a', 'read("wide.npz").a', 'read("a.safetensors").a']
for source in sources:
    ipsh(f'let t = {source}; save t "t.npy"; save {{t: t}} "t.npz"; save {{t: t}} "t.safetensors"')
    for back in [np.load("t.npy"), np.load("t.npz")["t"], safetensors.numpy.load_file("t.safetensors")["t"]]:
        assert same(back, floats), source
ipsh('save read("stored.npz").transposed "t.npy"')
assert same(np.load("t.npy"), np.ascontiguousarray(floats.T))
print("passed: float32, C and Fortran order, both byte orders, versions 1.0 to 3.0, stored, compressed and ZIP64")

# Every half-precision number, widened.
halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
halves = halves[~np.isnan(halves)].reshape(2, -1)
np.save("h.npy", halves)
safetensors.numpy.save_file({"h": halves}, "h.safetensors")
for source in ['read("h.npy")', 'read("h.safetensors").h']:
    ipsh(f'save {source} "t.npy"')
    assert same(np.load("t.npy"), halves.astype(np.float32)), source
print("passed: every float16")

# bfloat16, which NumPy has not: the upper half of a float32.
upper = (floats.view(np.uint32) >> 16).astype("<u2")
header = json.dumps({"b": {"dtype": "BF16", "shape": list(floats.shape), "data_offsets": [0, upper.nbytes]}}).encode()
with open("b.safetensors", "wb") as file:
    file.write(len(header).to_bytes(8, "little") + header + upper.tobytes())
ipsh('save read("b.safetensors").b "t.npy"')
assert same(np.load("t.npy"), (upper.astype(np.uint32) << 16).view(np.float32))
print("passed: bfloat16")

# Doubles, whole numbers and bools are lists; they come back as what they were, whole numbers as float64.
doubles = np.array([[0.1, -0.0, np.inf], [5e-324, -np.inf, 1 / 3]])
arrays = {"d": doubles, "flags": np.array([[True, False]])}
for kind in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    limits = np.iinfo(kind)
    arrays[kind] = np.array([max(limits.min, -(1 << 53)), 0, min(limits.max, 1 << 53)], dtype=kind)
np.savez("n.npz", **arrays)
safetensors.numpy.save_file(arrays, "n.safetensors")
for name in ["n.npz", "n.safetensors"]:
    ipsh(f'let r = read("{name}"); save r "t.npz"; save r "t.safetensors"')
    for back in [np.load("t.npz"), safetensors.numpy.load_file("t.safetensors")]:
        for key, array in arrays.items():
            right = array if array.dtype in [np.float64, np.bool_] else array.astype(np.float64)
            assert same(np.asarray(back[key]), right), (name, key)
print("passed: float64, integers and bools")

process.stdin.close()
assert process.wait() == 0
