import Language
import Workbench

/// Random programs that mostly make sense, to reach what happens when they run.
struct ProgramGenerator {
  var random: SeededGenerator

  private static let functions = CommandRegistry.standard.commands.filter { $0.group == .functions }.map(
    \.name)
  private static let names = ["a", "b", "c", "t"]

  mutating func program() -> String {
    let start = """
      let a = \(number()); let b = "é b {a}"; let c = [3, 1, 2]; let t = table([{x: 1, y: "u"}, {x: 2, y: "v"}])

      """
    let functions = (0..<random.count(0...1)).map { _ in function() }.joined(separator: "\n")
    return start + functions + "\n" + lines(1...5, depth: 3)
  }

  private mutating func function() -> String {
    let body = "{\n\(lines(0...2, depth: 1))\nreturn \(expression(1))\n}"
    return "def f(x, y=\(expression(0))) \(body)"
  }

  private mutating func lines(_ range: ClosedRange<Int>, depth: Int) -> String {
    (0..<random.count(range)).map { _ in statement(depth) }.joined(separator: "\n")
  }

  /// Most failures are caught, so that what follows runs.
  private mutating func statement(_ depth: Int) -> String {
    random.chance(5) ? bare(depth) : "try {\n\(bare(depth))\n} catch e { print e.code }"
  }

  private mutating func bare(_ depth: Int) -> String {
    switch random.count(0...(depth > 0 ? 11 : 4)) {
    case 0, 1: return "let \(random.pick(Self.names)) = \(expression(depth))"
    case 2: return "print \(expression(1)) \(expression(1))"
    case 3:
      return random.pick([
        "text b", "set tolerance 0.1", "qoi a - b", "assert true", "warn b", "help print",
      ])
    case 4: return random.pick([expression(depth), change(depth)])
    case 5:
      let names = random.pick(["i", "i", "i, j", "_, j"])
      return
        "for \(names) in \(random.pick(["0..3", "c", "t", "{x: 1, y: 2}", expression(1)])) \(block(depth))"
    case 6: return "if \(condition(depth)) \(block(depth)) else \(block(depth))"
    case 7:
      return
        "while \(condition(depth)) {\n\(lines(0...2, depth: depth - 1))\n\(random.pick(["break", "continue", ""]))\n}"
    case 8: return "try \(block(depth)) catch e { print e.code e.message }"
    case 9: return "with \(expression(1)) \(block(depth))"
    case 10: return "assert \(condition(depth)), \(expression(1))"
    default: return "print(f(\(expression(1))))"
    }
  }

  /// Of a part of a variable.
  private mutating func change(_ depth: Int) -> String {
    let target = random.pick([
      "c[0]", "c[-1]", "t.x", "t[0].x", "t.x[1]", "t[\"z\"]", "a", "b", "c[\(expression(0))]",
      "t.\(random.pick(["x", "y"]))[0]",
    ])
    let sign = target.count == 1 ? "+=" : random.pick(["=", "+=", "*="])
    return "\(target) \(sign) \(expression(depth))"
  }

  private mutating func block(_ depth: Int) -> String { "{\n\(lines(0...2, depth: depth - 1))\n}" }

  private mutating func condition(_ depth: Int) -> String {
    let comparison = random.pick(["==", "!=", "<", "<=", ">", ">=", "in", "not in"])
    return "\(expression(depth - 1)) \(comparison) \(expression(0))"
      + random.pick(["", " and true", " or false"])
  }

  private mutating func expression(_ depth: Int) -> String {
    guard depth > 0 else { return leaf() }
    switch random.count(0...13) {
    case 10: return "(\(expression(depth - 1)) if \(condition(depth)) else \(expression(depth - 1)))"
    case 11:
      return "[\(expression(depth - 1)) for a in \(expression(depth - 1))\(random.pick(["", " if a == 1"]))]"
    case 12:
      let function = random.pick(["a => \(expression(depth - 1))", "(a, b) => \(expression(depth - 1))"])
      return "\(random.pick(["map", "filter", "sort"]))(\(expression(depth - 1)), \(function))"
    case 13: return "\"{\(leaf()):\(random.pick([".2f", ">4", "d", "+.1e", "5"]))}\""
    case 0, 1: return leaf()
    case 2, 3:
      return
        "(\(expression(depth - 1)) \(random.pick(["+", "-", "*", "/", "%", "^", "..", "@", "in"])) \(expression(depth - 1)))"
    case 4: return "[\(arguments(0...3, depth))]"
    case 5: return "{x: \(expression(depth - 1)), y: \(leaf())}"
    case 6:
      return "\(random.pick(Self.names))[\(random.pick(["0", "-1", ":", "1..2", expression(depth - 1)]))]"
    case 7: return "\(random.pick(Self.names)).\(random.pick(["x", "count", "shape", "y"]))"
    default:
      let option = random.pick(["", "", "", ", axis=0", ", by=\"x\"", ", descending"])
      return "\(random.pick(Self.functions))(\(arguments(1...3, depth))\(option))"
    }
  }

  private mutating func arguments(_ range: ClosedRange<Int>, _ depth: Int) -> String {
    (0..<random.count(range)).map { _ in expression(depth - 1) }.joined(separator: ", ")
  }

  private mutating func leaf() -> String {
    switch random.count(0...4) {
    case 0: return number()
    case 1: return random.pick(["\"\"", "\"a b\"", "\"日本 e\u{301}\"", "\"{a}\"", "r\"\\n\""])
    case 2: return random.pick(["true", "false", "null", "0..3", "ARGV", "c"])
    default: return random.pick(Self.names)
    }
  }

  private mutating func number() -> String {
    random.pick(["0", "1", "-1", "2.5", "3", "1e-7", "1e300", "12", "9007199254740993", "0.1"])
  }
}
