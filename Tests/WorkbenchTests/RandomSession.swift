import Fuzzing

/// Sessions made at random of statements that pass values on in every way there is.
struct RandomSession {
  private var generator: SeededGenerator
  /// Files are written to and read from here.
  let folder: String
  private let names = ["a", "b", "c", "d"]

  init(seed: UInt64, folder: String) {
    generator = SeededGenerator(seed: seed)
    self.folder = folder
  }

  mutating func statements(_ count: Int) -> [String] {
    let start = ["let a = 1", "let b = [2, 1 / 3]", "let c = {x: 2 / 3}", "let d = \"t\""]
    let model = chance(4) ? ["load \"demo\"", "text \"the keys [MASK] here .\"", "qoi is - are"] : []
    return start + model + (0..<count).map { _ in statement(hasModel: !model.isEmpty) }
  }

  mutating func name() -> String { pick(names) }

  private mutating func statement(hasModel: Bool) -> String {
    let (x, y, z, n) = (name(), name(), name(), Int(next() % 5))
    let file = "\(folder)/\(pick(["f", "g"])).json"
    let simple = [
      "let \(x) = [\(y), \(n)]", "let \(x) = \"{\(y)} {\(z)}\"", "let \(x) = _", "\(x)", "print \(y) \(z)",
      "if \(x) == \(y) { let \(z) = \(n) } else { let \(x) = \(z) }",
      "for i in 0..\(n) { let \(x) = [i, \(n)]; if i > 1 { \(y) } }",
      "set precision \(n + 1)", "seed \(n)", "let \(x) = seed()", "set tolerance 0.\(n)1",
      "set color \"\(pick(["never", "always"]))\"",
      "save \(x) \"\(file)\"", "let \(x) = read(\"\(file)\")", "once \"\(file)\"", "output \"\(file)\"",
      "output",
      "save \"\(file)\"", "print [][0]", "for i in 0..\(n) { let \(x) = i; print [0, 1][i] }",
      "let \(x) = ARGV",
      "source \"\(folder)/library.ipscript\"", "time print \(x)", "print \(x)", "let \(y) = \(y) == \(z)",
      "reset",
    ]
    let withModel = [
      "text \"\(pick(["a cat [MASK] .", "paris [MASK] the capital of france ."]))\"",
      "qoi \(pick(["is", "are - is", "none"]))", "baseline \(pick(["pad", "mask", "zero"]))",
      "let \(x) = tokenize()",
      "forward top=\(n + 1)", "let \(x) = forward(top=1).qoi", "let \(x) = influence(points=2).influence",
      "load \"demo\" as \(pick(["m", "n"]))", "let \(x) = model.name", "let \(x) = stats(L2.pattern).max",
      "qoi",
      "baseline", "text", "ablate L\(n)H0", "with ablate(L\(n)H1) { let \(x) = forward(top=1).qoi }",
      "restore",
      "interventions", "with keep(L*H*) { forward top=1 }", "let \(x) = forward(top=1)",
    ]
    return pick(hasModel && chance(2) ? withModel : simple)
  }

  private mutating func chance(_ of: UInt64) -> Bool { next() % of == 0 }

  private mutating func pick(_ choices: [String]) -> String { choices[Int(next() % UInt64(choices.count))] }

  private mutating func next() -> UInt64 { generator.next() }
}
