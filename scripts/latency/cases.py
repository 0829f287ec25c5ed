"""What is interrupted: at least one case for each verb and function of the language, at an input that takes about a second."""
import collections

# name: the verb or function (or, in angle brackets, something else that runs); session: a key of SESSIONS;
# keys: typed instead of Enter; limit: seconds after which what has no end counts as long enough; after: puts right what
# the command does when it ends.
Case = collections.namedtuple("Case", "name statement session keys limit after", defaults=(None, None, None))
Run = collections.namedtuple("Run", "name arguments")

SESSIONS = {
    "values": """
        set max_memory "16G"
        set max_turns 1000000000
        set pager off
        def odd(x) { return x % 2 == 1 }
        def pair(x) { return {a: x % 1000, b: x} }
        def holding(n) { let kept = map(range(n), pair); while true { } }
        let l = list(0..<500000)
        def positive(x) { return x >= 0 }
        let yes = map(l, positive)
        let words = map(l, string)
        let s = "the author that "; for i in 0..<17 { let s = s + s }
        let long = s; for i in 0..<2 { let long = long + long }
        let r = map(list(0..<100000), pair)
        let tab = table(r)
        let t = read("f4.npy")
        let row = t[0]
        let part = t[0..<200]
        """,
    "demo": """
        set max_memory "16G"
        set max_turns 1000000000
        set pager off
        load "demo"
        let s = "the author that "; for i in 0..<19 { let s = s + s }
        text "the author that the guards like [MASK] young ."
        qoi is - are
        task sva_obj as many
        let p = patterns(sva_obj, rows=2, points=5)
        let q = patterns(points=5)
        let m = measure(sva_obj)
        """,
    "bert-base": """
        set max_memory "16G"
        set pager off
        load "bert-base"
        text "the author that the guards like [MASK] young ."
        qoi is - are
        """,
    "demo-gpt2": """
        set max_memory "16G"
        set max_turns 1000000000
        set pager off
        load "demo-gpt2"
        let s = "the author that "; for i in 0..<19 { let s = s + s }
        text "Once"
        """,
    "reset": "set max_turns 1000000000",
    "plain": """
        set max_memory "16G"
        set max_turns 1000000000
        set pager off
        """,
}


def _values(name, *statements):
    return [Case(name, statement, "values", after="let x = 0") for statement in statements]


def _demo(name, *statements, after=None):
    return [Case(name, statement, "demo", after=after) for statement in statements]


def _plain(name, *statements):
    return [Case(name, statement, "plain", after="let x = 0") for statement in statements]


IDLE = Case("<idle loop>", "while true { }", "plain", limit=1)

CASES = [
    # Session
    *_plain("load", 'load "bert-base"', 'load "bert-base" check', 'load "blank-config"', 'load "long-piece"', 'load "many-pieces"'),
    Case("load", 'load "fifo"', "plain", limit=0.5),
    *_demo("model", "model"),
    *_demo("text", "text s", "text s pair=s"),
    *_demo("qoi", "qoi s"),
    *_demo("task", 'task "task.tsv"', 'task "task.csv"', 'task "task.jsonl"', 'task "task.json"', 'task "task.txt"', 'task "line.tsv"',
           'task "quoted.csv"'),
    Case("task", 'task "fifo"', "plain", limit=0.5),
    *_values("set", "set format s"),
    *_plain("show-settings", "show-settings"),
    *_plain("seed", "seed 1"),
    *_plain("source", *(f'source "{name}.ipscript"' for name in ("lines", "list", "string", "comment", "blanks", "sum"))),
    Case("source", 'source "fifo"', "plain", limit=0.5),
    *_values("save", 'save t "out.npy"', 'save t "out.npz"', 'save t "out.safetensors"', 'save part "out.csv"', 'save part "out.json"',
             'save l "out.json"', 'save tab "out.jsonl"', 'save tab "out.csv"', 'save tab "out.tsv"', 'save tab "out.txt"',
             'save words "out.npy"', 'save words "out.json"', 'save tab "out.npz"', 'save long "out.json"', 'save long "out.txt"',
             'save {a: long} "out.safetensors"', 'save heatmap(part) "out.svg"', 'save heatmap(part) "out.html"'),
    *_plain("read", *(f'let x = read("{name}")' for name in (
        "f4.npy", "fortran.npy", "big-endian.npy", "f2.npy", "f8.npy", "i8.npy", "texts.npy", "text.npy", "stored.npz", "deflated.npz",
        "many.npz", "f4.safetensors", "many.safetensors", "numbers.json", "records.json", "blanks.json", "string.json", "escapes.json",
        "digits.json", "keys.json", "rows.csv", "quoted.csv", "rows.tsv", "objects.jsonl", "numbers.jsonl"))),
    *_plain("read", 'let x = read("rows.csv", uneven)', 'let x = read("numbers.csv", header=false)'),
    Case("read", 'read "fifo"', "plain", limit=0.5),
    Case("output", "output \"out.txt\"; print l", "values", after="output"),
    *_values("once", 'once "once.csv"; tab'),
    *_values("time", "time sort(l)"),
    Case("record", 'record "out.ipscript" append results; print l', "values", after="record off"),
    *_plain("history", "history all"),
    *_values("variables", "variables"),
    Case("reset", "let l = list(0..<500000); reset", "reset"),
    Case("undo", "let l = list(0..<500000); undo", "reset"),
    *_plain("clear", "for i in 0..<1000000 { clear }"),
    *_plain("quit", "for i in 0..<1000000 { if i < 0 { quit } }"),
    # Look
    *_demo("tokenize", "tokenize s", "tokenize s pair=s"),
    *_demo("forward", "forward s", "for i in 0..<100 { let f = forward() }"),
    Case("generate", "generate s", "demo-gpt2"),
    Case("generate", "let g = generate(tokens=255, temperature=9)", "demo-gpt2"),
    Case("generate", "for i in 0..<100 { generate tokens=255 temperature=9 }", "demo-gpt2"),
    *_values("show", "show t", "show part"),
    *_values("stats", "stats t"),
    *_values("heatmap", "heatmap t", "heatmap part", 'heatmap t "out.svg"'),
    *_demo("heatmap", "for i in 0..<100 { let h = heatmap(L*.pattern) }", 'for i in 0..<20 { heatmap L*.pattern "out.html" patterns=q }',
           'for i in 0..<20 { heatmap L*.pattern "out.svg" }'),
    *_values("compare", "compare t t", "compare r r", "compare tab tab"),
    *_demo("token", "for i in 0..<1000000 { token(i % 1000) }"),
    *_demo("id", "for i in 0..<1000000 { id(author) }", "let x = id(s)"),
    *_demo("weight", 'for i in 0..<1000 { let w = weight("bert.embeddings.word_embeddings.weight") }'),
    Case("weight", 'weight("bert.embeddings.word_embeddings.weight")', "bert-base"),
    # Explain
    *_demo("baseline", "baseline s"),
    *_demo("influence", "influence points=500"),
    *_demo("patterns", "patterns points=50", "patterns sva_obj rows=20"),
    *_demo("pattern", 'for i in 0..<200 { let x = pattern("the skip*6") }'),
    *_demo("flow", "for i in 0..<200 { let f = flow() }", "flow method=valuezeroing", "for i in 0..<20 { let f = flow(method=alti) }",
           "for i in 0..<20 { let f = flow(method=decompx) }"),
    *_demo("attribute", "attribute heads on=sva_obj method=ig", "attribute neurons layer=2 on=sva_obj", "attribute attention_edges on=sva_obj rows=20"),
    Case("attribute", "attribute edges on=ioi method=eap-ig rows=40", "demo-gpt2"),
    Case("circuit", "circuit ioi edges=500 rows=40", "demo-gpt2"),
    *_demo("lens", "for i in 0..<100 { let x = lens() }"),
    Case("contributions", "qoi Mary - John; for i in 0..<100 { let x = contributions(of=neurons) }", "demo-gpt2"),
    *_demo("trace", "let t = trace(words=1..5, draws=200)"),
    *_demo("plot", "for i in 0..<1000 { let f = plot(p) }"),
    *_values("plot", "plot tab x=a y=a", "plot l kind=scatter", 'plot tab "out.svg" x=a y=a', "plot tab x=a y=a yscale=log",
             'plot {w: words, x: l} "out.svg" x=w y=x kind=words', "plot {w: words, x: l} x=w y=x"),
    # Intervene
    *_demo("ablate", "ablate L*H* by=mean on=sva_obj", "ablate L*H* by=resample on=sva_obj", after="restore"),
    *_demo("ablate", "for i in 0..<100 { with ablate(L*H*@*<-1) { forward } }"),
    *_demo("patch", "patch L*H* from=s", after="restore"),
    *_demo("keep", "keep L*H* by=mean on=sva_obj", after="restore"),
    *_demo("interventions", "interventions"),
    *_demo("restore", "restore"),
    # Measure
    *_demo("measure", "measure(sva_obj)"),
    *_demo("accuracy", "accuracy(sva_obj)"),
    *_demo("score", "score s", 'for i in 0..<20 { let x = score("the cat sat on the mat .") }'),
    *_demo("sweep", "let x = sweep(heads, on=sva_obj)", "let x = sweep(attention_edges, layers=0)",
           'sweep heads on=sva_obj file="sweep.jsonl" shard=0/2'),
    Case("sweep", "sweep edges on=ioi rows=4 by=counterfactual", "demo-gpt2"),
    *_demo("merge", 'measure sva_obj file="m.jsonl" shard=0/2; measure sva_obj file="m.jsonl" shard=1/2; for i in 0..<500 { let x = merge("m.*-of-2.jsonl") }'),
    *_demo("experiment", "experiment accuracy on=sva_obj", "experiment share on=sva_obj rows=20", "experiment ablation on=sva_obj rows=4", "experiment cut on=sva_obj rows=4 points=10"),
    # Language
    *_values("print", "print l", "print words r", "print part", "print long", "print tab"),
    *_values("assert", "assert l == reverse(l)"),
    *_values("warn", "warn long"),
    # Help
    *_values("help", "help long", "help reference"),
    *_values("apropos", "apropos long"),
    # Functions
    *_values("abs", "let x = abs(t)", "let x = abs(l)"),
    *(case for name in ("sqrt", "exp", "log", "floor", "ceil", "round") for case in _values(name, f"let x = {name}(t)")),
    *_values("round", "let x = round(t, 2)"),
    *(case for name in ("sum", "mean", "std", "norm", "max", "min", "argmax", "argmin")
      for case in _values(name, f"let x = {name}(t)", f"let x = {name}(t, axis=0)")),
    *_values("sum", "let x = sum(l)"),
    *_values("all", "let x = all(t == t)", "let x = all(yes)"),
    *_values("any", "let x = any(t != t)"),
    *(case for name in ("upper", "lower", "trim") for case in _values(name, f"let x = {name}(long)")),
    *_values("split", "let x = split(s)", 'let x = split(s, "")', 'let x = split(long, "zz")', 'let x = split(s, " ")'),
    *_values("join", "let x = join(tab, tab, by=[a, b])", "let x = join(tab, tab, by=b, how=left, suffixes=[\"1\", \"2\"])",
             "let x = join(tab, tab, by=a, suffixes=[\"1\", \"2\"])"),
    *_values("pivot", "let x = pivot(tab, rows=b, columns=a, values=b)", "let x = pivot(tab, rows=a, columns=a, values=b, aggregate=mean)"),
    *_values("unpivot", "let x = unpivot(tab, keep=a)"),
    *_values("enumerate", "let x = enumerate(l)"),
    *_values("matmul", "let x = matmul(part, transpose(part))", "let x = t @ transpose(t)"),
    *_values("transpose", "let x = transpose(t)"),
    *_values("join", 'let x = join(words, ",")', "let x = join(words, long[0..<1000])"),
    *_values("contains", 'let x = contains(long, "zzz")', "let x = contains(l, -1)"),
    *_values("starts_with", "let x = starts_with(long, long)"),
    *_values("ends_with", "let x = ends_with(long, long)"),
    *_values("replace", 'let x = replace(s, "author", "a")', 'let x = replace(long, "zz", "a")'),
    *_values("number", "let x = number(long)", 'let x = number(long, after="a")'),
    *_values("string", "let x = string(l)", "let x = string(tab)", "let x = string(part)", "let x = string(long)"),
    *_values("type", "for i in 0..<1000000 { type(l) }"),
    *_values("len", "let x = len(long)"),
    *_values("range", "let x = range(1000000)"),
    *_values("list", "let x = list(part)", "let x = list(0..<1000000)", "let x = list(s)", "let x = list(tab)"),
    *_values("reverse", "let x = reverse(l)"),
    *_values("append", "let x = append(l, 1)"),
    *_values("concat", "let x = concat(l, l)", "let x = concat(tab, tab)"),
    *_values("zip", "let x = zip(l, l)"),
    *_values("unique", "let x = unique(l)", "let x = unique(words)", "let x = unique(r)"),
    *_values("map", "let x = map(l, abs)", "let x = map(l, pair)"),
    *_values("filter", "let x = filter(l, odd)", "let x = filter(tab, r => r.a > 5)"),
    *_values("keys", "let x = keys(tab)"),
    *_values("values", "let x = values({a: l})"),
    *_plain("models", 'for i in 0..<1000000 { try { let x = models("*/*") } catch e { } }'),
    *_plain("revisions", 'for i in 0..<1000000 { try { let x = revisions("hf:org/name") } catch e { } }'),
    *_values("tensor", "let x = tensor(l)", "let x = tensor([l, l])", "let x = tensor(t)"),
    *_values("softmax", "let x = softmax(t)", "let x = softmax(t, axis=0)", "let x = softmax(l)"),
    *_values("dot", "let x = dot(l, l)"),
    *_values("cosine", "let x = cosine(l, l)"),
    *_values("top", "let x = top(l)", "let x = top(row)"),
    *_values("table", "let x = table(r)"),
    *_values("where", 'let x = where(tab, a, ">", 5)', 'let x = where(tab, b, "in", l[0..<300])'),
    *_values("sort", "let x = sort(l, by=x => -x)", "let x = sort(l, descending)", "let x = sort(words)", "let x = sort(tab, by=a)"),
    *_values("group", "let x = group(tab, by=a, mean=b)", "let x = group(tab, by=b, mean=a)"),
    *_values("with_column", "let x = with_column(tab, c, 1)", "let x = with_column(tab, c, r => r.a)"),
    *_values("columns", "let x = columns(tab, b)"),
    *_values("head", "let x = head(l, 400000)", "let x = head(tab, 90000)"),
    *_values("tail", "let x = tail(l, 400000)", "let x = tail(tab, 90000)"),
    # What is no verb and no function
    *_values("<arithmetic>", "let x = t + t", "let x = t * row", "let x = -t", "let x = t ^ 2", "let x = t % 3", "let x = t == t",
             "let x = long + long", "let x = l == l", "let x = long == long", "let x = r == r", "let x = tab == tab", "let x = long < long"),
    *_values("<subscripts>", "let x = t[:, 3..12000]", "let x = t[:, 3]", "let x = l[1..<400000]", "let x = long[1..<8000000]",
             "let x = tab.a", "let x = long[8000000]", "for i in 0..<30 { let x = t[:, 3..12000] }"),
    *_values("<showing>", "l", "words", "r", "tab", "t", "part", "long", "{a: l, b: words}", "[long, long]"),
    *_values("<showing as CSV>", "set format csv; part; set format table"),
    *_values("<showing as JSON>", "set format json; part; set format table"),
    *_values("<comprehension>", "let x = [x * 2 for x in l if x > 1]", "let x = [x for x in 0..<1000000000 if x < 0]",
             "let x = [r.a for r in tab]", "let x = [a for a in l for b in l if b < 0]"),
    *_values("<lambda>", "for i in 0..<1000000 { let x = a => l }", "let x = map(l, a => a + 1)"),
    *_values("<assignment>", "let y = l; for i in 0..<500000 { y[i] = 0 }", "let y = l; for i in 0..<1000 { let z = y; y[0] = i }",
             "let u = t; u[:, 0..<12000] = 1", "let u = tab; u.c = 1; u.a[3] = 2", "let y = [0]; for i in 0..<1000000 { y[0] = [i] }"),
    *_values("<in>", "let x = -1 in l", "let x = \"zzz\" in long", "let x = 7777 in t"),
    *_values("<formats>", '"{l:.3f}"', "for i in 0..<1000000 { let x = \"{i:8.2f}\" }"),
    *_values("<interpolation>", '"{l}"', '"{tab}"', '"{long}{long}"'),
    Case("<freeing>", "holding(1000000)", "values", limit=4),
    *_values("<copying>", "for i in 0..<1000 { let x = append(l, i) }"),
    Case("<completion>", "print l", "values", keys="\t"),
    Case("<completion>", "print " + "l + " * 500, "values", keys="\t"),
    Case("<completion>", "tab.", "values", keys="\t"),
    # Without a terminal
    *(Run(f"<ipsh --check>", ["--check", f"{name}.ipscript"]) for name in ("lines", "list", "string", "comment", "sum")),
    *(Run(f"<ipsh --verify>", ["--verify", f"{name}.ipscript"]) for name in ("verify", "lines.verify")),
    Run("<ipsh script>", ["-q", "list.ipscript"]),
]
