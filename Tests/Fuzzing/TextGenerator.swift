/// Random texts of the language, many of them with a few random faults. Equal seeds give equal texts.
package struct TextGenerator: RandomNumberGenerator {
  private var random: SeededGenerator

  package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  package mutating func next() -> UInt64 { random.next() }

  package mutating func text() -> String {
    var text = list(of: 1...4, separator: pick("\n", "\n", ";", "\r\n", " # c\n")) { $0.statement(3) }
    if chance(3) { text = mutated(text) }
    return text
  }

  private mutating func chance(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &self) == 0 }

  private mutating func pick(_ choices: String...) -> String { choices.randomElement(using: &self) ?? "" }

  private mutating func list(
    of count: ClosedRange<Int>, separator: String, _ item: (inout TextGenerator) -> String
  ) -> String {
    (0..<Int.random(in: count, using: &self)).map { _ in item(&self) }.joined(separator: separator)
  }
}

// MARK: Grammar
extension TextGenerator {
  private mutating func statement(_ depth: Int) -> String {
    switch Int.random(in: 0..<(depth > 0 ? 15 : 5), using: &self) {
    case 0: return "let \(pick("x", "λ", "long_name", "L2_norm")) = \(expression(depth))"
    case 1: return expression(depth)
    case 2, 3: return command(depth)
    case 4: return raw()
    case 5: return "time \(statement(depth - 1))"
    case 14:
      return
        "\(pick("x", "t[0]", "t[1, :]", "r.a", "r[\"b c\"].d[x]")) \(pick("+=", "-=", "*=", "/=")) \(expression(depth))"
    case 6: return "for \(pick("l", "h", "k, v", "_, v")) in \(expression(depth - 1)) \(block(depth - 1))"
    case 7:
      let changes = list(of: 1...2, separator: pick(", ", ",", ",\n")) { $0.expression(depth - 1) }
      return "with \(changes) \(block(depth - 1))"
    case 8:
      let exit = pick("", "break", "continue", "if x { break }")
      return "while \(expression(depth - 1)) {\(exit)\n\(statement(depth - 1))}"
    case 9: return function(depth - 1)
    case 10: return "try \(block(depth - 1)) catch \(pick("", "e ", "λ "))\(block(depth - 1))"
    default:
      let otherwise = chance(2) ? "" : "\(pick(" ", "\n"))else \(block(depth - 1))"
      return "if \(expression(depth - 1)) \(block(depth - 1))\(otherwise)"
    }
  }

  private mutating func function(_ depth: Int) -> String {
    let parameters = pick("", "a", "a, b", "a=1", "a, b = \(expression(depth)),", "\na,\nb=c\n")
    let exit = pick("", "return", "return x", "return \(expression(depth))")
    return "def \(pick("f", "twice", "λ"))(\(parameters)) {\(statement(depth))\n\(exit)}"
  }

  private mutating func block(_ depth: Int) -> String {
    "{" + pick(" ", "\n", "") + list(of: 0...2, separator: pick(";", "\n")) { $0.statement(depth) }
      + pick(" ", "\n") + "}"
  }

  private mutating func command(_ depth: Int) -> String {
    let arguments = list(of: 0...3, separator: pick(" ", ", ", ",\n", "  ")) { generator in
      let key = generator.pick("", "", "top=", "by=", "in=")
      return key + generator.expression(depth - 1)
    }
    return pick("print", "forward", "show-settings", "ablate") + " " + arguments
      + pick("", "", " as b", " top=5")
  }

  private mutating func raw() -> String {
    let words = list(of: 0...3, separator: " ") { generator in
      generator.pick(
        "is", "-", "are", "don't", "\"#;\"", "r\"}\"", "label[1]", "{w}", "é", "a==b", "a=b", "x\"{y}\"")
    }
    return "qoi " + words + pick("", "", " at=7", " at=\"a b\"", " at=-1 by=(x)", " # c")
  }

  private mutating func expression(_ depth: Int) -> String {
    guard depth > 0 else { return leaf() }
    let d = depth - 1
    switch Int.random(in: 0..<16, using: &self) {
    case 12: return "(\(expression(d)) if \(expression(d)) else \(expression(d)))"
    case 13: return pick("x => ", "(a, b)=>", "() => ", "(\nx) =>\n") + expression(d)
    case 14:
      let clause = pick("", " if \(expression(d))", " for y in \(expression(d))")
      return "[\(expression(d)) for \(pick("x", "k, v")) in \(expression(d))\(clause)]"
    case 15: return "\(expression(d)) \(pick("in", "not in", "@")) \(expression(d))"
    case 0, 1, 2: return leaf()
    case 3, 4:
      let blank = pick("", " ", " ")
      let infix = pick("+", "-", "*", "/", "%", "^", "..", "..<", "==", "<", ">=", "!=")
      return expression(d) + blank + infix + blank + expression(d)
    case 5: return "\(expression(d)) \(pick("and", "or")) \(expression(d))"
    case 6: return pick("-", "not ", "+", "- ") + expression(d)
    case 7: return "(\(pick("", " ", "\n"))\(expression(d)))"
    case 8: return "[" + list(of: 0...3, separator: pick(",", ", ", ",\n")) { $0.expression(d) } + "]"
    case 9: return "{" + pick("a", "\"b c\"", "in") + ": \(expression(d))}"
    case 10:
      return pick("f", "patterns", "show-settings", "x.y") + "(\(pick("", "key=", "key = "))\(expression(d)))"
    default: return base() + pick("[\(expression(d))]", "[:, \(expression(d))]", ".field", ".in", "[0].x")
    }
  }

  private mutating func base() -> String {
    pick("t", "a3", "f(x)", "\"s\"", "[1]", "L2.pattern", "embed", "blocks.3.z")
  }

  private mutating func leaf() -> String {
    switch Int.random(in: 0..<5, using: &self) {
    case 0: return pick("0", "12", "1_000", "0.5", "1e-5", "0x1F", "3.10", "9007199254740993")
    case 1:
      return pick(
        "x", "_", "λ", "true", "null", "pooled", "blocks.3.attn.hook_z", "a3.h5", "L", "print", "as")
    case 2: return "\"" + list(of: 0...3, separator: "") { $0.stringPiece() } + "\""
    case 3: return pick("r\"C:\\n{x}\"", "r\"\"", "embed@7", "embed@{p}", "logits@*")
    default: return node()
    }
  }

  private mutating func stringPiece() -> String {
    pick(
      "a b", "日本", "e\u{301}", "\\n", "\\\"", "\\{", "\\u{1F600}", "}", "#", ";", "{x}", "{f(\"}\")}",
      "{ {a: 1}.a }", "{x:.2f}", "{x:>8}", "{f(1):é^+,.1%}")
  }

  private mutating func node() -> String {
    pick("L3", "L0-5", "L*", "L{l}", "L{1, 4}") + pick("", "H5", "H*", "H{h+1}", "H0-3")
      + pick("", "", ".attn", ".mlp", ".mlp[7]", ".mlp[0-9]", ".mlp[i]", ".mlp[{1,2}]", ".mlp[*]")
      + pick("", "", "@7", "@1-3", "@*", "@{p}")
  }
}

// MARK: Faults
extension TextGenerator {
  private static let pieces: [String] =
    [
      "(", ")", "[", "]", "{", "}", "\"", "\\", "#", ";", ",", ".", "..", "@", "=", "==", "<", "-", "*", "^",
      " ", "\n",
    ]
    + [
      "\r", "\t", "\0", "\u{FEFF}", "\u{202E}", "é", "日", "\u{301}", "L", "H", "L3", "@7", "qoi ", "let ",
      "for ", "r\"",
    ]
    + [
      "if ", "else", "while", "break", "return ", "def f(", "try {", "catch ", "with ", "1.", "0x", "1e",
      "99999999999999999999", "\\u{", "not", "as ", "time ",
      "print(", "'",
    ]

  private mutating func mutated(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<Int.random(in: 1...3, using: &self) {
      let start = Int.random(in: 0...scalars.count, using: &self)
      let end = min(scalars.count, start + Int.random(in: 0...4, using: &self))
      switch Int.random(in: 0..<4, using: &self) {
      case 0: scalars.removeSubrange(start..<end)
      case 1:
        scalars.insert(contentsOf: (Self.pieces.randomElement(using: &self) ?? "").unicodeScalars, at: start)
      case 2:
        scalars.insert(contentsOf: scalars[start..<end], at: Int.random(in: 0...scalars.count, using: &self))
      default: scalars.removeLast(scalars.count - end)
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
