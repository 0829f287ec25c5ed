/// Scripts for `--check`: valid ones with all control flow there is, and the same with one thing wrong somewhere, be it
/// where nothing runs.
package struct ScriptGenerator {
  var random: SeededGenerator
  private let folder: String
  /// Names are numbered, so that none is taken for another.
  private var names = 0
  /// What is wrong, as long as it has no place yet.
  private var breaks: Breakage?
  /// Whether the contents of a file decide something: no check can know it.
  private var isUndecided = false
  /// The folder of a model of two layers; nil for scripts of the language alone.
  private let model: String?

  package init(random: SeededGenerator, folder: String, model: String? = nil) {
    (self.random, self.folder, self.model) = (random, folder, model)
  }

  /// The first line of a script of which a check cannot know all.
  package static let undecided = "# undecided\n"

  package mutating func script() -> String {
    var scope = ScriptScope(folder: folder)
    isUndecided = random.chance(6)
    breaks = random.chance(2) ? breakage() : nil
    var lines = [
      "set max_turns 200", "let n = \(digit())", "let l = [3, 1, 2]", "let s = \"word\"",
      "let r = {a: \(digit()), b: \"x\"}",
    ]
    scope.numbers = ["n"]
    scope.lists = ["l"]
    scope.texts = ["s"]
    scope.records = ["r"]
    if let model {
      lines += [
        "load \"\(model)\"", "text \"\(ModelStatements.sentence)\"", "qoi \(ModelStatements.quantity)",
      ]
    }
    if isUndecided {
      lines += [
        "save {x: \(digit()), y: [1, 2]} \"\(folder)/own.json\"", "let u = read(\"\(folder)/own.json\").x",
      ]
      scope.numbers.append("u")
    }
    lines += (0..<random.count(0...2)).map { _ in function(&scope) }
    lines.append(self.lines(2...7, depth: 3, &scope))
    if let rest = breaks { lines.append(rest.statement(scope)) }
    var text = lines.joined(separator: "\n") + "\n"
    if random.chance(40) { text = withoutToken(text) }
    return (isUndecided ? Self.undecided : "") + text
  }

  private mutating func breakage() -> Breakage {
    guard model != nil, !random.chance(3) else { return random.pick(Breakage.all) }
    return Breakage("model", ModelStatements.wrong(&random))
  }

  /// A brace, bracket or quote is missing.
  private mutating func withoutToken(_ text: String) -> String {
    let places = text.indices.filter { "{}[]()\"".contains(text[$0]) }
    var text = text
    text.remove(at: random.pick(places))
    return text
  }

  mutating func name(_ kind: String) -> String {
    names += 1
    return "\(kind)\(names)"
  }

  mutating func digit() -> String { "\(random.count(0...6))" }

  // MARK: Statements

  mutating func lines(_ range: ClosedRange<Int>, depth: Int, _ scope: inout ScriptScope) -> String {
    var lines: [String] = []
    for _ in 0..<random.count(range) {
      if let wrong = breaks, random.chance(8) {
        breaks = nil
        lines.append(wrong.statement(scope))
      } else {
        lines.append(statement(depth, &scope))
      }
    }
    return lines.joined(separator: "\n")
  }

  private mutating func statement(_ depth: Int, _ scope: inout ScriptScope) -> String {
    if model != nil, random.chance(3) { return ModelStatements.statement(&random, number(1, scope)) }
    guard depth > 0, random.chance(2) else { return simple(&scope) }
    switch random.count(0...8) {
    case 0, 1: return loop(depth, &scope)
    case 2, 3:
      let otherwise = random.chance(2) ? " else \(block(depth, scope))" : ""
      let second = random.chance(4) ? " else if \(condition(1, scope)) \(block(depth, scope))" : ""
      return "if \(condition(2, scope)) \(block(depth, scope))\(second)\(otherwise)"
    case 4, 5:
      let fault = name("e")
      return
        "try \(block(depth, scope)) catch \(fault) {\n\(lines(0...1, depth: depth - 1, &scope))\nprint \(fault).code\n}"
    case 6: return counted(depth, scope)
    case 7: return scope.isInFunction || scope.isInLoop ? simple(&scope) : function(&scope)
    default: return leaving(scope)
    }
  }

  private mutating func block(_ depth: Int, _ scope: ScriptScope) -> String {
    var inner = scope
    return "{\n\(lines(0...3, depth: depth - 1, &inner))\n}"
  }

  private mutating func loop(_ depth: Int, _ scope: inout ScriptScope) -> String {
    let variable = name("i")
    let sequence = random.pick([
      "0..\(digit())", list(1, scope), "range(\(digit()))", "0..<\(number(1, scope))",
    ])
    var inner = scope
    inner.isInLoop = true
    inner.numbers.append(variable)
    return "for \(variable) in \(sequence) {\n\(lines(1...3, depth: depth - 1, &inner))\n}"
  }

  /// A `while` with a counter.
  private mutating func counted(_ depth: Int, _ scope: ScriptScope) -> String {
    let variable = name("k")
    var inner = scope
    inner.isInLoop = true
    inner.numbers.append(variable)
    let body = lines(0...2, depth: depth - 1, &inner)
    return """
      let \(variable) = 0
      while \(variable) < \(random.pick([digit(), "len(\(list(1, scope)))"])) {
      let \(variable) = \(variable) + 1
      \(body)
      }
      """
  }

  /// A way out of a block, mostly one that a condition decides.
  private mutating func leaving(_ scope: ScriptScope) -> String {
    var ways: [String] = []
    if scope.isInLoop { ways += ["break", "continue"] }
    if scope.isInFunction { ways.append("return \(number(1, scope))") }
    if random.chance(4) || ways.isEmpty { ways.append("quit") }
    let way = random.pick(ways)
    return random.chance(6) ? way : "if \(condition(1, scope)) { \(way) }"
  }

  private mutating func function(_ scope: inout ScriptScope) -> String {
    let (function, parameter, second) = (name("f"), name("p"), name("q"))
    var inner = ScriptScope(folder: folder)
    inner.numbers = [parameter, second]
    inner.lists = ["l"]
    inner.functions = scope.functions
    inner.isInFunction = true
    let recursion =
      random.chance(3)
      ? "if \(parameter) > 0 and \(parameter) < 20 { return \(function)(floor(\(parameter)) - 1) + 1 }\n" : ""
    let body = recursion + lines(0...2, depth: 2, &inner)
    scope.functions.append(function)
    return "def \(function)(\(parameter), \(second)=\(digit())) {\n\(body)\nreturn \(number(2, inner))\n}"
  }

  private mutating func simple(_ scope: inout ScriptScope) -> String {
    switch random.count(0...19) {
    case 0, 1, 2: return bind(name("n"), \.numbers, number(2, scope), &scope)
    case 3: return bind(name("t"), \.texts, text(2, scope), &scope)
    case 4, 5: return bind(name("l"), \.lists, list(2, scope), &scope)
    case 6: return bind(name("r"), \.records, "{a: \(number(1, scope)), b: \(text(1, scope))}", &scope)
    // A variable of an outer block changes.
    case 7: return "let \(random.pick(scope.numbers)) = \(number(2, scope))"
    case 8:
      guard let grown = scope.lists.last else { return "print 1" }
      return "let \(grown) = append(\(grown), \(number(1, scope)))"
    case 9: return "print \(list(2, scope)) \(number(1, scope)) \(text(1, scope))"
    // An index that may be out of range, as conditions decide.
    case 10:
      let (index, elements) = (number(0, scope), list(0, scope))
      return random.pick([
        "if \(index) < len(\(elements)) and \(index) >= 0 and floor(\(index)) == \(index) { print \(elements)[\(index)] }",
        "try { print \(elements)[\(index)] } catch { print \"none\" }",
        "if len(\(elements)) > 0 { print \(elements)[0] }",
      ])
    case 11:
      return
        "let t = table([{x: \(number(1, scope)), y: \"u\"}, {x: 2, y: \"v\"}])\nprint t.x len(t) where(t, \"x\", \">\", 1)"
    case 12: return random.pick(["set precision \(random.count(1...9))", "seed \(digit())"])
    case 13: return "save \(list(1, scope)) \"\(folder)/out.json\"\nprint len(\"{len(\(list(1, scope)))}\")"
    case 14: return "source \"\(folder)/library.ipscript\"\nprint library_value"
    case 15: return "assert \(number(0, scope)) == \(number(0, scope)) or true"
    case 16: return "once \"\(folder)/once.txt\"\nprint \(number(1, scope))"
    case 17:
      return random.pick(["print len(ARGV)", "if len(ARGV) > 0 { print ARGV[0] }", "print join(ARGV, \" \")"])
    case 18:
      return "let v = tensor([[1, 2], [3, 4]])\nprint v[\(random.count(0...1)), :] + v[0] sum(v * 2) v.shape"
    default: return "time print \(number(1, scope))"
    }
  }

  private mutating func bind(
    _ name: String, _ kind: WritableKeyPath<ScriptScope, [String]>, _ value: String,
    _ scope: inout ScriptScope
  ) -> String {
    scope[keyPath: kind].append(name)
    return "let \(name) = \(value)"
  }

  // MARK: Expressions

  mutating func number(_ depth: Int, _ scope: ScriptScope) -> String {
    guard depth > 0 else {
      return random.chance(3) || scope.numbers.isEmpty ? digit() : random.pick(scope.numbers)
    }
    switch random.count(0...10) {
    case 0, 1: return number(0, scope)
    case 2: return "(\(number(depth - 1, scope)) \(random.pick(["+", "-", "*"])) \(number(depth - 1, scope)))"
    case 3: return "(\(number(depth - 1, scope)) \(random.pick(["%", "/"])) \(random.count(1...5)))"
    case 4: return "len(\(list(depth - 1, scope)))"
    case 5: return "len(\(text(depth - 1, scope)))"
    case 6 where !scope.records.isEmpty: return "\(random.pick(scope.records)).a"
    case 7, 8:
      guard !scope.functions.isEmpty else { return number(0, scope) }
      let second = random.chance(3) ? ", \(number(depth - 1, scope))" : ""
      return "\(random.pick(scope.functions))(\(number(depth - 1, scope))\(second))"
    case 9: return "sum(\(list(depth - 1, scope)))"
    default: return "max(\(number(depth - 1, scope)), \(digit()))"
    }
  }

  private mutating func list(_ depth: Int, _ scope: ScriptScope) -> String {
    guard depth > 0 else { return scope.lists.isEmpty ? "[1, 2]" : random.pick(scope.lists) }
    switch random.count(0...8) {
    case 0: return list(0, scope)
    case 1:
      return "[\((0..<random.count(0...3)).map { _ in number(depth - 1, scope) }.joined(separator: ", "))]"
    case 2: return "append(\(list(depth - 1, scope)), \(number(depth - 1, scope)))"
    case 3: return "concat(\(list(depth - 1, scope)), \(list(depth - 1, scope)))"
    case 4: return "reverse(\(list(depth - 1, scope)))"
    case 5: return "range(\(digit()))"
    case 6: return "unique(sort(\(list(depth - 1, scope))))"
    case 7:
      return
        "map(\(list(depth - 1, scope)), \(scope.functions.isEmpty ? "abs" : random.pick(scope.functions)))"
    default: return "(\(list(depth - 1, scope)) + [\(digit())])"
    }
  }

  mutating func text(_ depth: Int, _ scope: ScriptScope) -> String {
    guard depth > 0 else {
      return scope.texts.isEmpty || random.chance(3) ? "\"a b\"" : random.pick(scope.texts)
    }
    switch random.count(0...5) {
    case 0: return text(0, scope)
    case 1:
      return
        "\"{\(number(depth - 1, scope))} and {\(random.pick(scope.texts.isEmpty ? ["1"] : scope.texts))}\""
    case 2: return "upper(\(text(depth - 1, scope)))"
    case 3: return "replace(\(text(depth - 1, scope)), \"a\", \"b\")"
    case 4: return "join(split(\(text(depth - 1, scope))), \"-\")"
    default: return "string(\(number(depth - 1, scope)))"
    }
  }

  mutating func condition(_ depth: Int, _ scope: ScriptScope) -> String {
    switch random.count(0...(depth > 0 ? 6 : 2)) {
    case 0, 1, 2:
      return "\(number(depth, scope)) \(random.pick(["<", "<=", ">", ">=", "==", "!="])) \(number(0, scope))"
    case 3:
      return "\(condition(depth - 1, scope)) \(random.pick(["and", "or"])) \(condition(depth - 1, scope))"
    case 4: return "not (\(condition(depth - 1, scope)))"
    case 5: return "contains(\(list(depth - 1, scope)), \(digit()))"
    default: return "\(text(depth - 1, scope)) == \(text(0, scope))"
    }
  }
}
