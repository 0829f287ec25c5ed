import Results
import Scripting
import Testing

@testable import Language
@testable import Workbench

/// What a check knows of a result that it does not compute: types, fields and lengths are those of the real one.
@Suite struct CheckFormTests {
  private static let setup = """
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are

    """

  /// Of every command that runs the network, the results that differ in form.
  private static let calls: [String: [String]] = [
    "forward": [
      "forward()", "forward(top=2)", "forward(position=3)", "forward(\"a gripping film .\", labels)",
    ],
    "influence": ["influence(points=3)", "influence(points=3, quadrature=gauss)"],
    "patterns": [
      "patterns(points=3)", "patterns(points=3, level=embedding)", "patterns(points=3, keep=2)",
      "patterns(points=3, beam=2, words=[2, 5])", "patterns(sva_obj, rows=3, points=3)",
    ],
    "pattern": ["pattern(\"author -> L2@2 -> L3H7@7\", points=3)"],
    "flow": [
      "flow()", "flow(method=path, matrices)", "flow(method=maxflow)", "flow(method=norm)",
      "flow(method=valuezeroing, influence, points=3)", "flow(method=alti)", "flow(method=decompx, matrices)",
    ],
    "trace": ["trace(words=[1, 2], draws=2)", "trace(words=2, of=mlp, window=3, draws=1)"],
    "measure": ["measure(sva_obj, rows=8)", "measure(sva_obj, sva_subj, rows=8)"],
    "accuracy": ["accuracy(sva_obj, rows=8)"],
    "score": ["score(\"the author laughs .\")"],
    "sweep": [
      "sweep(heads, on=sva_obj, rows=2, layers=2..3)", "sweep(layers, on=sva_obj, rows=2, by=mean)",
      "sweep(positions, on=sva_obj, rows=2)",
    ],
    "experiment": ExperimentKind.allCases.filter { $0 != .faithfulness }.map { kind in
      "experiment(\(kind.rawValue), on=sva_obj, rows=3\(kind.usesPath ? ", points=3" : ""))"
    },
    "attribute": ["attribute(heads, on=sva_obj, rows=2)", "attribute(neurons, layer=1, by=zero)"],
    "lens": ["lens()"],
  ]

  private static let decoderSetup = """
    load "demo-gpt2"
    text "When Mary and John went" counterfactual="When Mary and Peter went"
    qoi to - home

    """

  /// The same of causal models.
  private static let decoderCalls: [String: [String]] = [
    "generate": ["generate(\"Once\", tokens=5)", "generate(\"Once\", tokens=3, temperature=0.1, top=3)"],
    "attribute": ["attribute(edges)", "attribute(queries, method=atp-star)"],
    "circuit": ["circuit(edges=20, method=eap)"],
    "contributions": ["contributions()", "contributions(of=neurons)"],
    "sweep": ["sweep(edges, by=counterfactual)"],
    "experiment": [
      "experiment(faithfulness, on=ioi, rows=2, circuit=circuit(edges=20, method=eap))"
    ],
  ]

  @Test(arguments: CommandRegistry.standard.commands.filter(\.runsNetwork).map(\.name))
  func resultsHaveTheForm(name: String) throws {
    let calls =
      (Self.calls[name] ?? []).map { Self.setup + "let r = \($0)" }
      + (Self.decoderCalls[name] ?? []).map { Self.decoderSetup + "let r = \($0)" }
    #expect(!calls.isEmpty, "no calls of \(name)")
    for script in calls {
      let call = script
      let (checked, real) = (try TestShell(), try TestShell())
      try real.run(script)
      let findings = try checked.interpreter.check([
        checked.interpreter.parse(Source(name: nil, text: script))
      ])
      #expect(findings.diagnostics.map(\.message) == [], "\(call)")
      let value = try #require(real.interpreter.session.variables["r"])
      guard case .number = value else {
        let unknown = try #require(checked.interpreter.session.variables["r"]?.asUnknown, "\(call)")
        let form = try #require(unknown.standIn, "\(call)")
        #expect(difference(form, value) == nil, "\(call)")
        continue
      }
    }
  }

  /// Where the form of a value that was not computed differs from a real one; nil where it does not.
  private func difference(_ form: Value, _ real: Value) -> String? {
    switch (form, real) {
    case (.record(let a), .record(let b)): return difference(a, b)
    case (.object(let a), .object(let b)):
      guard a.typeName == b.typeName else { return "\(a.typeName), not \(b.typeName)" }
      return difference(a.fields, b.fields)
    case (.list(let a), .list(let b)):
      guard a.count == b.count else { return "\(a.count) elements, not \(b.count)" }
      return zip(a, b).lazy.compactMap(difference).first
    case (.tensor(let a), .tensor(let b)): return a.shape == b.shape ? nil : "\(a.shape), not \(b.shape)"
    // How many rows a table has may depend on the numbers; none of a check's faults does.
    case (.table(let a), .table(let b)):
      return a.columns == b.columns ? nil : "\(a.columns), not \(b.columns)"
    // What is undefined for some numbers.
    case (.null, .number), (.number, .null), (.null, .string), (.string, .null): return nil
    default: return form.typeName == real.typeName ? nil : "\(form.typeName), not \(real.typeName)"
    }
  }

  private func difference(_ form: Record, _ real: Record) -> String? {
    // It is there only when the influences do not add up.
    let keys = real.keys.contains("verdict") ? Array(form.keys) : form.keys.filter { $0 != "verdict" }
    guard keys == Array(real.keys) else { return "\(keys), not \(Array(real.keys))" }
    return keys.lazy.compactMap { key in
      self.difference(form[key] ?? .null, real[key] ?? .null).map { "\(key): \($0)" }
    }.first
  }

  @Test(arguments: [
    ("print forward().nope", "unknown-field"), ("print forward().predictions[5]", "index-range"),
    ("print measure(sva_obj, rows=8).acuracy", "unknown-field"),
    ("print measure(sva_obj, rows=8).cases.XX", "unknown-field"),
    ("let r = patterns()\nprint r.words[0].nope", "unknown-field"),
    ("print patterns().words[10].token", "index-range"),
    ("print patterns(sva_obj, rows=4).sentences[4]", "index-range"),
    ("print patterns(level=embedding).words[0].attention", "unknown-field"),
    ("for w in patterns().words { print w.nope }", "unknown-field"),
    ("print flow().paths", "unknown-field"),
    ("heatmap flow(matrices).matrices[6]", "tensor-index-out-of-range"),
    ("print sweep(heads, on=sva_obj, rows=2)[72]", "index-range"),
    ("print sweep(heads, on=sva_obj, rows=2).dleta_qoi", "unknown-field"),
    ("let e = experiment(skips, on=sva_obj, rows=2)\nprint e.table.nope", "unknown-field"),
    ("print experiment(skips, on=sva_obj, rows=2).table.words[99] nope", "unknown-name"),
    ("for r in experiment(skips, on=sva_obj, rows=2) { print r.role }; print nope", "unknown-name"),
    ("print experiment(entropy, on=sva_obj, rows=2).nope", "unknown-field"),
    ("print influence().infuence", "unknown-field"), ("print score(\"a b\").nope", "unknown-field"),
    ("with ablate(L3H1, by=mean, on=sva_obj, rows=3) { print measure(sva_obj).nope }", "unknown-field"),
    ("with keep(patterns()) { print forward().nope }", "unknown-field"),
    ("experiment(skips, on=sva_obj, rows=9, patterns=patterns(sva_obj, rows=8))", "experiment-patterns"),
    ("measure(patterns())", "wrong-type"), ("forward top=patterns()", "wrong-type"),
    ("def f(x) { return L2.pattern[x, 99, 0] }\nlet y = f(1)", "tensor-index-out-of-range"),
    ("print sort(sweep(heads, on=sva_obj, rows=2), by=\"nope\")", "unknown-field"),
    ("compare measure(sva_obj) forward()", "bad-operands"), ("heatmap forward()", "not-a-node"),
    ("plot sweep(heads, on=sva_obj, rows=2) y=nope", "chart-column"),
  ])
  func fieldsOfResultsAreChecked(statements: String, code: String) throws {
    let shell = try TestShell()
    let found = try shell.interpreter.check([
      shell.interpreter.parse(Source(name: nil, text: Self.setup + statements))
    ]).diagnostics
    #expect(found.map(\.code) == [code], "\(found.map(\.message))")
  }

  /// With the same words as when it runs.
  @Test(arguments: ["print forward().predictoins", "print measure(sva_obj, rows=4).acuracy"])
  func diagnosticsAreThoseOfARun(statement: String) throws {
    let (checked, real) = (try TestShell(), try TestShell())
    let script = Self.setup + statement
    let found = try checked.interpreter.check([
      checked.interpreter.parse(Source(name: "test.ipscript", text: script))
    ]).diagnostics
    #expect(found.map { $0.rendered() } == [real.failure(script)])
    #expect(found[0].rendered().contains("did you mean"))
  }

  /// Computations that are only counted have no part in what follows a check.
  @Test func modelsComputeAgainAfterwards() throws {
    let shell = try TestShell()
    try shell.run(Self.setup)
    let before = try shell.run("print measure(sva_obj, rows=4).qoi_mean")
    _ = try shell.interpreter.check([
      shell.interpreter.parse(Source(name: nil, text: "measure sva_obj rows=4\npatterns"))
    ])
    #expect(try shell.run("print measure(sva_obj, rows=4).qoi_mean") == before)
  }
}
