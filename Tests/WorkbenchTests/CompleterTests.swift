import Foundation
import Testing

@testable import Language
@testable import Workbench

@Suite struct CompleterTests {
  private func texts(_ line: String, _ setup: String) throws -> [String] {
    let shell = try TestShell()
    try shell.run(setup)
    return texts(line, shell)
  }

  private func texts(_ line: String, _ shell: TestShell) -> [String] {
    Completer(shell.interpreter).candidates(in: line, at: line.utf8.count).candidates.map(\.text)
  }

  private static let cases: KeyValuePairs = [
    "tok": ["tokenize", "token("],
    "forward to": ["top=", "tokenize(", "top(", "token("],
    "forward la": ["labels"],
    "for word ": ["in"],
    "for word i": ["in"],
    "let x = [w for w ": ["in"],
    "show L2.pat": ["L2.pattern"],
    "show L2H1": ["L2H1", "L2H10", "L2H11", "L2H1.q", "L2H1.k", "L2H1.v"],
    "show L3@1": ["L3@1"],
    "print model.lab": ["model.labels"],
    "set format": ["format"],
    "help nod": ["nodes"],
    "load de": ["demo", "demo-gpt2"],
    "qoi gorgeo": ["gorgeous"],
    "print 1; quit": ["quit"],
    "time forw": ["forward"],
    "print sst": ["sst2"],
    "task \"a.tsv\" format=ma": ["masked"],
    "print weight(\"bert.pooler.dense.b": ["bert.pooler.dense.bias\""],
    "forward(\"a\", to": ["top="],
    "whi": ["while"],
    "argmi": ["argmin("],
    "print argmi": ["argmin("],
    "sort(x, desc": ["descending"],
    "help colum": ["columns"],
    "help quan": ["quantities"],
    "help functio": ["functions"],
    "ablate L1H0 by=": ["zero", "mask", "mean", "baseline", "resample", "counterfactual"],
    "ablate L1H0 by=re": ["resample"],
    "keep embed level=": ["embedding", "attention", "feedforward"],
    "flow method=v": ["valuezeroing"],
    "flow at=": ["0", "1", "2", "3", "4", "5"],
    "print L2.sk": ["L2.skip"], "print L2.mlp_s": ["L2.mlp_skip"],
    "print embed@4": ["embed@4"],
    "show L2H1.": ["L2H1.q", "L2H1.k", "L2H1.v"],
    "show L2H99": [],
    "experiment s": ["share", "skips", "skips=", "seed=", "samples=", "shard=", "strict"],
    "sweep he": ["heads"],
    "sweep heads on=sva": ["sva_obj", "sva_subj", "sva_comp", "sva_prep"],
    "sweep heads on=ta": ["task("],
    "ablate L1H0 by=mean on=reflexive_g": ["reflexive_gender"],
    "measure sva_o": ["sva_obj"],
    "measure sva_obj sva_s": ["sva_subj"],
    "measure(sva_s": ["sva_subj"],
    "patterns sva_o": ["sva_obj"],
    "let x = sweep(heads, on=sst": ["sst2"],
    "set prec": ["precision"],
    "set format j": ["json"],
    "set pager ": ["on", "off"],
    "set color \"al": ["always\""],
    "model de": ["demo"],
    "qoi is - gorgeo": ["gorgeous"],
    "qoi logprob[gorgeo": ["logprob[gorgeous]"],
    "qoi label[pos": ["label[positive]"],
    "qoi logpr": ["logprob["],
    "qoi is at=": ["0", "1", "2", "3", "4", "5"],
    "baseline gorgeo": ["gorgeous"],
    "baseline zer": ["zero"],
    "patterns baseline=gorgeo": ["gorgeous"],
    "record of": ["off"],
    "text \"pa": [],
    "let y": [],
    "print 12": [],
    "forward # to": [],
    // Names of nodes in strings, behind arrows too.
    "ablate \"L2H1": ["L2H1", "L2H10", "L2H11", "L2H1.q", "L2H1.k", "L2H1.v"],
    "ablate \"L2.sk": ["L2.skip"],
    "sweep nodes nodes=\"L2.mlp_s": ["L2.mlp_skip"],
    "pattern \"par": ["paris -> "],
    "pattern \"paris -> L2@4": ["paris -> L2@4"],
    "pattern \"paris -> L2@1 -> L3H1@5": ["paris -> L2@1 -> L3H1@5"],
    "ablate \"L1H3 -> L2.mlp_s": ["L1H3 -> L2.mlp_skip"],
    "ablate \"L1H3 ->": ["L1H3 -> L", "L1H3 -> out"],
    "with ab": ["ablate("], "with abl": ["ablate("], "with ablate(L1H0), kee": ["keep("],
    "with {": [],
    "show blocks.2.attn.hook_pat": ["blocks.2.attn.hook_pattern"],
    "show blocks.2.hook_mlp": ["blocks.2.hook_mlp_out"],
    "show blocks.2": ["blocks.2."],
    "measure \"sva_o": ["sva_obj\""],
    "measure sva_obj \"sva_s": ["sva_subj\""],
  ]

  @Test func offers() throws {
    let shell = try TestShell()
    try shell.run("load \"demo\"\ntext \"paris [MASK] big .\"")
    for (line, expected) in Self.cases { #expect(texts(line, shell) == expected, "\(line)") }
  }

  /// Files behind a path as far as it is typed, in quotes and without; models too.
  @Test func pathsAreContinued() throws {
    let shell = try TestShell()
    try shell.run("load \"demo\"")
    let folder = String(shell.path("x").dropLast(2))
    for name in ["one.json", "own.tsv", "run.ipscript", "two words.json"] {
      try Data().write(to: URL(filePath: "\(folder)/\(name)"))
    }
    for (line, expected) in [
      ("read \(folder)/on", ["\(folder)/one.json"]), ("read \"\(folder)/on", ["\(folder)/one.json\""]),
      ("task \(folder)/ow", ["\(folder)/own.tsv"]), ("source \(folder)/r", ["\(folder)/run.ipscript"]),
      ("measure \"\(folder)/ow", ["\(folder)/own.tsv\""]), ("load \(folder)/ow", ["\(folder)/own.tsv"]),
      ("save _ \(folder)/on", ["\(folder)/one.json"]), ("read file=\(folder)/on", ["\(folder)/one.json"]),
      ("task \(folder)/own.tsv format=ma", ["masked"]), ("load \"demo-", ["demo-gpt2\""]),
      ("load demo-g", ["demo-gpt2"]),
    ] {
      #expect(texts(line, shell) == expected, "\(line)")
    }
  }

  /// Behind what may go on with an index or a field there is no blank; behind a verb the options show before functions.
  @Test func whatFollowsAWord() throws {
    let shell = try TestShell()
    try shell.run("load \"demo\"\ntext \"a [MASK] .\"\nlet r = {a: 1, b: [1]}\nlet x = 1")
    let completer = Completer(shell.interpreter)
    for (line, isWhole) in [
      ("show L2.pat", false), ("print r.a", true), ("print r.b", false), ("print x", true),
    ] {
      let candidates = completer.candidates(in: line, at: line.utf8.count).candidates
      #expect(candidates.first?.isWhole == isWhole, "\(line)")
    }
    let arguments = texts("forward ", shell)
    #expect(
      arguments.contains("top=") && arguments.contains("r") && !arguments.contains { $0.hasSuffix("(") },
      "\(arguments)")
    #expect(texts("forward softm", shell) == ["softmax("])
  }

  @Test func candidatesAreDescribed() throws {
    let shell = try TestShell()
    try shell.run(
      "load \"demo\"\ntext \"paris [MASK] big .\"\ndef half(x, by=2) { return x / by }\nlet n = 1")
    let vocabulary = try #require(shell.interpreter.session.bench.model).tokenizer.vocabulary
    let gorgeous = try #require(vocabulary.id(of: "gorgeous"))
    func descriptions(_ line: String) -> [String] {
      Completer(shell.interpreter).candidates(in: line, at: line.utf8.count).candidates
        .map { "\($0.text)  \($0.description ?? "-")" }
    }
    #expect(
      descriptions("print L2@") == [
        "L2@0  [CLS]", "L2@1  paris", "L2@2  [MASK]", "L2@3  big", "L2@4  .", "L2@5  [SEP]",
      ])
    #expect(descriptions("flow at=").first == "0  [CLS]")
    #expect(descriptions("tokeniz") == ["tokenize  \(TokenizeCommand().summary)"])
    #expect(descriptions("print half") == ["half(  function half(x, by=2)"])
    #expect(descriptions("half(1, by") == ["by=  parameter of half"])
    #expect(descriptions("print n").contains("n  number"))
    #expect(descriptions("ablate L1H0 b").contains("by=  what takes their place; default zero"))
    #expect(descriptions("measure sva_obj").contains("sva_obj  200 rows, masked"))
    #expect(descriptions("qoi label[neg") == ["label[negative]  label 0"])
    #expect(descriptions("qoi gorgeo") == ["gorgeous  id \(gorgeous)"])
    #expect(descriptions("measure sva_obj case=P").first == "PP  50 rows of sva_obj")
    #expect(descriptions("set quie") == ["quiet  no confirmations, timings and notes"])
    #expect(descriptions("map([1], hal") == ["half  function half(x, by=2)"])
  }

  @Test func variablesAndTheirFields() throws {
    #expect(try texts("print wor", "let words = {first: 1}") == ["words"])
    #expect(try texts("print words.f", "let words = {first: 1}") == ["words.first"])
  }

  /// Behind a dot come the fields of the value that stands there, when it is there already.
  private static let fields: KeyValuePairs = [
    "print p.words[0].emb": ["p.words[0].embedding"],
    "print p.words[0].embedding.no": ["p.words[0].embedding.nodes"],
    "print p.words[-1].tok": ["p.words[-1].token"],
    "print p.words[99].": [],
    "print r.inner.dee": ["r.inner.deep"],
    "print r[\"inner\"].dee": ["r[\"inner\"].deep"],
    "print s.delta_a": ["s.delta_accuracy"],
    "print s[0].no": ["s[0].node"],
    "print t.sha": ["t.shape"],
    "print sva_obj.case": ["sva_obj.cases"],
    "print sva_obj.rows[0].corr": ["sva_obj.rows[0].correct"],
    "print patterns().w": [],
    "print \"{r.inn": ["r.inner"],
    "measure tin": ["tiny"],
    "sweep heads on=tin": ["tiny"],
    "patterns tin": ["tiny"],
  ]

  /// What an argument may be follows from those before it.
  private static let related: KeyValuePairs = [
    "measure sva_obj case=": ["PP", "PS", "SP", "SS"],
    "measure sva_obj case=\"S": ["SP\"", "SS\""],
    "measure(sva_obj, case=P": ["PP", "PS"],
    "measure sst2 case=": ["\"0\"", "\"1\""],
    "sort(t, by=": ["head", "accuracy"],
    "sort(t, by=\"a": ["accuracy\""],
    "sort(l, by=h": ["head"],
    "where(t, acc": ["accuracy"],
    "head(where(t, h": ["head"],
    "sort(where(t, head, \">\", 1), by=ac": ["accuracy"],
    "columns(t, head, acc": ["accuracy"],
    "group(t, by=head, mean=a": ["accuracy"],
    "plot t x=": ["head", "accuracy"],
    "plot t \"c.svg\" x=head y=a": ["accuracy"],
    "plot(t, by=h": ["head"],
    "plot sort(t, by=head) label=": ["head", "accuracy"],
    "plot lists y=": ["tokens", "influence"],
    "print sort(t, by=head).acc": ["sort(t, by=head).accuracy"],
    "print r[\"in": ["inner\""],
    "print r[\"inner\"][\"d": ["deep\""],
    "print r.inner[\"d": ["deep\""],
  ]

  @Test func namesFollowFromArgumentsBefore() throws {
    let shell = try TestShell()
    try shell.run(
      """
      let l = [{head: 0, accuracy: 0.5}, {head: 1, accuracy: 0.75}]
      let t = table(l)
      let r = {inner: {deep: 1}}
      let lists = {tokens: ["a", "b"], influence: [1, 2], qoi: 3}
      """)
    for (line, expected) in Self.related { #expect(texts(line, shell) == expected, "\(line)") }
  }

  @Test func fieldsOfValues() throws {
    let shell = try TestShell()
    let setup = """
      load "demo"
      text "the author that the guards like [MASK] young ."
      qoi is - are
      let p = patterns(points=2, words=[1, 2])
      let r = {inner: {deep: 1}}
      let s = sweep(heads, on=sva_obj, rows=1, layers=[0])
      let t = L2.pattern
      let tiny = task(sva_obj, rows=2)
      """
    try shell.run(setup)
    for (line, expected) in Self.fields { #expect(texts(line, shell) == expected, "\(line)") }
  }

  /// Files in quotes where a path or any value may stand; unquoted names of files get their quotes.
  @Test func files() throws {
    let shell = try TestShell()
    let folder = shell.path("") + "/"
    for name in ["tour.ipscript", "two words.txt"] { try Data().write(to: URL(filePath: folder + name)) }
    func texts(_ line: String) -> [String] {
      Completer(shell.interpreter).candidates(in: line, at: line.utf8.count).candidates.map(\.text)
    }
    for start in [
      "source", "save 1", "let x = read(", "sweep heads file=", "task", "output", "record", "plot p",
    ] {
      #expect(texts("\(start) \"\(folder)to") == ["\(folder)tour.ipscript\""], "\(start)")
    }
    #expect(texts("source \"\(folder)two w") == ["\(folder)two words.txt\""])
    #expect(texts("source ").contains("Package.swift"))
    #expect(texts("text \"\(folder)to").isEmpty)
  }

  @Test func functionsOfScripts() throws {
    #expect(try texts("print flip", "def flipped(x) { return 1 - x }") == ["flipped("])
    #expect(try texts("flip", "def flipped(x) { return 1 - x }") == ["flipped("])
  }

  @Test func theWordBeginsWhereItIsReplaced() throws {
    let shell = try TestShell()
    let line = "print \"é\" mod"
    let (start, candidates) = Completer(shell.interpreter).candidates(in: line, at: line.utf8.count)
    #expect(start == line.utf8.count - 3)
    #expect(candidates.contains { $0.text == "model" })
  }
}
