"""Large inputs in a folder of their own, written without NumPy or PyTorch."""
import json
import os
import struct
import zipfile

WORDS = "the author that the guards like is young and the pilots near the dancer are old . ".split()
MEGABYTE = 1 << 20


def _pattern(count):
    """So many bytes of finite float32 numbers below 2 (and of float16, of code points)."""
    block = b"".join(struct.pack("<f", (index * 37 % 1000 - 500) / 400) for index in range(1 << 14))
    return block * (count // len(block)) + block[: count % len(block)]


def _npy(kind, shape, data, fortran=False):
    header = f"{{'descr': '{kind}', 'fortran_order': {fortran}, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def arrays(folder):
    def write(name, content):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)

    floats = _pattern(200 * 1000 * 1000)
    write("f4.npy", _npy("<f4", (4000, 12500), floats))
    write("fortran.npy", _npy("<f4", (2000, 2500), floats[: 20 * 1000 * 1000], fortran=True))
    write("big-endian.npy", _npy(">f4", (5000, 1000), floats[: 20 * 1000 * 1000]))
    write("f2.npy", _npy("<f2", (50 * 1000 * 1000,), bytes(100 * 1000 * 1000)))
    write("f8.npy", _npy("<f8", (2 * 1000 * 1000,), bytes(16 * 1000 * 1000)))
    write("i8.npy", _npy("<i8", (2 * 1000 * 1000,), bytes(16 * 1000 * 1000)))
    write("texts.npy", _npy("<U8", (500 * 1000,), "ab cd ef".encode("utf-32-le") * (500 * 1000)))
    write("text.npy", _npy("<U4000000", (1,), "abcd".encode("utf-32-le") * (1000 * 1000)))
    for name, method in ("stored.npz", zipfile.ZIP_STORED), ("deflated.npz", zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(os.path.join(folder, name), "w", method, compresslevel=1) as archive:
            archive.writestr("x.npy", _npy("<f4", (4000, 12500), floats))
    with zipfile.ZipFile(os.path.join(folder, "many.npz"), "w", zipfile.ZIP_STORED) as archive:
        one = _npy("<f4", (1,), b"\0\0\0\0")
        for index in range(20 * 1000):
            archive.writestr(f"a{index}.npy", one)
    write_safetensors(os.path.join(folder, "f4.safetensors"), [("x", (4000, 12500))])
    write_safetensors(os.path.join(folder, "many.safetensors"), [(f"x{index}", (1,)) for index in range(100 * 1000)])


def write_safetensors(path, tensors):
    header, end = {}, 0
    for name, shape in tensors:
        begin, size = end, 4
        for length in shape:
            size *= length
        end = begin + size
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    data = _pattern(min(end, 64 * MEGABYTE))
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        while end > 0:
            file.write(data[:end])
            end -= len(data)


def json_files(folder):
    def write(name, *parts):
        with open(os.path.join(folder, name), "w") as file:
            file.writelines(parts)

    write("numbers.json", "[", ",".join(str(index) for index in range(1000 * 1000)), "]")
    write("records.json", "[", ",".join('{"a":%d,"b":"text %d"}' % (index % 10, index) for index in range(200 * 1000)), "]")
    write("blanks.json", "[", " " * (100 * MEGABYTE), "]")
    write("string.json", '"', "abcd efgh " * (5 * MEGABYTE), '"')
    write("escapes.json", '"', r"\n\u00e9\"" * (1 * MEGABYTE), '"')
    write("digits.json", "0." + "1" * (50 * MEGABYTE))
    write("rows.csv", "a,b,c\n", *('%d,"text, %d",%d.5\n' % (index % 10, index, index) for index in range(300 * 1000)))
    write("numbers.csv", *("%d,%d.5\n" % (index, index) for index in range(500 * 1000)))
    write("rows.tsv", "a\tb\n", *("%d\ttext\\t%d\n" % (index % 10, index) for index in range(300 * 1000)))
    write("objects.jsonl", *('{"a":%d,"b":"text %d"}\n' % (index % 10, index) for index in range(200 * 1000)))
    write("numbers.jsonl", *("%d\n" % index for index in range(500 * 1000)))
    write("keys.json", "{", ",".join('"key%d":1' % index for index in range(300 * 1000)), "}")


def tasks(folder):
    sentence = "the author that the guards like [MASK] young ."
    plain = "the author that the guards like is young ."
    rows = 200 * 1000
    with open(os.path.join(folder, "task.tsv"), "w") as file:
        file.writelines(f"obj\tSP\t{sentence}\tis\tare\n" for _ in range(rows))
    with open(os.path.join(folder, "task.csv"), "w") as file:
        file.write("sentence,correct,wrong,case\n")
        file.writelines(f'"{sentence}",is,are,SP\n' for _ in range(rows))
    with open(os.path.join(folder, "task.jsonl"), "w") as file:
        line = json.dumps({"sentence_good": plain, "sentence_bad": plain.replace(" is ", " are "), "UID": "obj"}) + "\n"
        file.writelines(line for _ in range(rows))
    with open(os.path.join(folder, "task.json"), "w") as file:
        line = json.dumps({"sentence_good": plain, "sentence_bad": plain.replace(" is ", " are "), "UID": "obj"})
        file.write("[" + ",".join([line] * rows) + "]")
    with open(os.path.join(folder, "task.txt"), "w") as file:
        file.writelines(plain + "\n" for _ in range(rows))
    with open(os.path.join(folder, "line.tsv"), "w") as file:
        file.write("obj\tSP\t" + "the author " * (3 * MEGABYTE) + "\tis\tare\n")
    with open(os.path.join(folder, "quoted.csv"), "w") as file:
        file.write('sentence,correct,wrong,case\n"' + '""' * (15 * MEGABYTE) + '",is,are,SP\n')


def scripts(folder):
    def write(name, text):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)

    write("lines.ipscript", "let x = [1, 2, \"text\"]\n" * (100 * 1000))
    write("list.ipscript", "let x = [" + "1, " * (500 * 1000) + "1]\n")
    write("string.ipscript", 'let x = "' + "abcd efgh " * MEGABYTE + '"\n')
    write("comment.ipscript", "# " + "abcd efgh " * (3 * MEGABYTE) + "\n")
    write("blanks.ipscript", "let x =" + " " * (30 * MEGABYTE) + "1\n")
    write("sum.ipscript", ("let x = " + "(1 + 2) * " * 100 + "1\n") * 1000)
    write("verify.ipscript", "print 1\n#=> 1\n" * (50 * 1000))
    write("lines.verify.ipscript", "let l = list(0..<200000)\nfor x in l { print x }\n" +
          "".join(f"#=> {index}\n" for index in range(200 * 1000)))
    write("history", "".join(f"print {index} \"{'abcd ' * 1000}\"\n" for index in range(10 * 1000)))


def model(folder, name, vocabulary=None, layers=12, hidden=768, config=None, shapes=True):
    """A BERT of random-like weights: bert-base, 440 MB, unless said otherwise."""
    place = os.path.join(folder, name)
    os.makedirs(place, exist_ok=True)
    pieces = vocabulary or ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + sorted(set(WORDS)) + [f"piece{index}" for index in range(30500)]
    with open(os.path.join(place, "vocab.txt"), "w") as file:
        file.writelines(piece + "\n" for piece in pieces)
    settings = {
        "architectures": ["BertForMaskedLM"], "model_type": "bert", "vocab_size": len(pieces), "hidden_size": hidden,
        "num_hidden_layers": layers, "num_attention_heads": hidden // 64 or 1, "intermediate_size": 4 * hidden, "hidden_act": "gelu",
        "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 0}
    with open(os.path.join(place, "config.json"), "w") as file:
        file.write(json.dumps(settings) + (config or ""))
    write_safetensors(os.path.join(place, "model.safetensors"), list(_bert(len(pieces), layers, hidden)))
    return place


def _bert(rows, layers, hidden):
    def linear(name, outputs, inputs):
        yield f"{name}.weight", (outputs, inputs)
        yield f"{name}.bias", (outputs,)

    def norm(name):
        yield f"{name}.LayerNorm.weight", (hidden,)
        yield f"{name}.LayerNorm.bias", (hidden,)

    for name, count in ("word", rows), ("position", 512), ("token_type", 2):
        yield f"bert.embeddings.{name}_embeddings.weight", (count, hidden)
    yield from norm("bert.embeddings")
    for layer in range(layers):
        place = f"bert.encoder.layer.{layer}"
        for part in "query", "key", "value":
            yield from linear(f"{place}.attention.self.{part}", hidden, hidden)
        yield from linear(f"{place}.attention.output.dense", hidden, hidden)
        yield from norm(f"{place}.attention.output")
        yield from linear(f"{place}.intermediate.dense", 4 * hidden, hidden)
        yield from linear(f"{place}.output.dense", hidden, 4 * hidden)
        yield from norm(f"{place}.output")
    yield from linear("cls.predictions.transform.dense", hidden, hidden)
    yield from norm("cls.predictions.transform")
    yield "cls.predictions.bias", (rows,)


def models(folder):
    model(folder, "bert-base")
    small = dict(layers=2, hidden=64)
    model(folder, "blank-config", config=" " * (100 * MEGABYTE), **small)
    common = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + sorted(set(WORDS))
    model(folder, "long-piece", vocabulary=common + ["c" * (20 * MEGABYTE)], **small)
    model(folder, "many-pieces", vocabulary=common + [f"piece{index}" for index in range(1000 * 1000)], layers=1, hidden=4)


def write_all(folder):
    for write in arrays, json_files, tasks, scripts, models:
        write(folder)
    os.mkfifo(os.path.join(folder, "fifo"))
