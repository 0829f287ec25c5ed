import ExactText

// Habits of other languages: each is answered with the line that works here.
extension Parser {
  /// `lambda x: x + 1`
  mutating func rejectPythonLambda(_ token: Token) throws {
    let start = scanner.skippingBlanks(token.range.upperBound)
    var colon = start
    while !scanner.isLineEnd(colon), scanner[colon] != UInt8(ascii: ":") { colon += 1 }
    let first = try? scanner.token(at: start)
    guard scanner[colon] == UInt8(ascii: ":"), first?.kind == .identifier || start == colon else { return }
    var copy = self
    copy.move(to: colon + 1)
    let body = (try? copy.expression())?.span.text.clipped ?? "..."
    let names = scanner.source.text(start..<colon)
    let parameters = names.contains(",") || names.isEmpty ? "(\(names))" : names
    throw SyntaxFault.foreign(
      "lambda \(names.isEmpty ? "" : names): \(body)", here: "\(parameters) => \(body)"
    )
    .at(span(token))
  }

  /// Whether `is` and a value stand behind a name that begins a statement.
  func asksIdentity(_ name: Identifier) -> Bool {
    guard grammar.argumentStyle(of: name.name) == nil,
      let next = try? scanner.token(at: name.span.range.upperBound), next.kind == .identifier
    else { return false }
    return text(next) == "is" && !scanner.endsLine(next.range.upperBound)
  }

  /// `if x => 3`
  func rejectArrow(in condition: Expression) throws {
    guard case .lambda(let function) = condition.kind, let body = function.body.first else { return }
    let left = function.parameters.map(\.name.name).joined(separator: ", ")
    throw SyntaxFault.foreign(
      condition.span.text.clipped, here: "\(left) >= \(body.span.text.clipped)"
    ).at(condition.span)
  }

  /// `for (key, value) in`
  mutating func rejectNamesInParentheses() throws {
    guard try at(.leftParenthesis) else { return }
    let start = try peek().range
    var end = start.upperBound
    while !scanner.isLineEnd(end), scanner[end] != UInt8(ascii: ")") { end += 1 }
    let names = scanner.source.text(start.upperBound..<end).clipped
    throw SyntaxFault.foreign("for (\(names)) in", here: "for \(names) in").at(scanner.span(start))
  }

  /// `x is None`, `x is not None`
  mutating func rejectIdentity(of left: Expression) throws {
    let token = try peek()
    guard !context.isCommandArgument, token.kind == .identifier, text(token) == "is" else { return }
    var next = try scanner.token(at: token.range.upperBound)
    let isNegated = next.kind == .keyword(.not)
    if isNegated { next = try scanner.token(at: next.range.upperBound) }
    let right = next.kind == .identifier && text(next) == "None" ? "null" : text(next).clipped
    let (value, sign) = (left.span.text.clipped, isNegated ? "!=" : "==")
    throw SyntaxFault.foreign(
      "\(value) is\(isNegated ? " not" : "") \(text(next).clipped)", here: "\(value) \(sign) \(right)"
    ).at(scanner.span(token.range.lowerBound..<next.range.upperBound))
  }

  /// `a ** b`, `a // b`, `x++`, `x -> y`, when the first character was taken for an operator.
  mutating func rejectForeignOperator(_ token: Token, behind left: Expression) throws {
    let end = token.range.upperBound
    guard case .symbol(let symbol) = token.kind, let next = scanner[end] else { return }
    let value = left.span.text.clipped
    func fault(_ found: String, here: String) -> Diagnostic {
      SyntaxFault.foreign(found, here: here).at(scanner.span(token.range.lowerBound..<end + 1))
    }
    switch symbol {
    case .star where next == UInt8(ascii: "*"):
      let right = operandText(at: end + 1)
      throw fault("\(value) ** \(right)", here: "\(value) ^ \(right)")
    case .slash where next == UInt8(ascii: "/"):
      let right = operandText(at: end + 1)
      throw fault("\(value) // \(right)", here: "floor(\(value) / \(right))")
    case .minus where next == UInt8(ascii: ">"):
      let right = operandText(at: end + 1)
      throw fault("\(value) -> \(right)", here: "\(value) => \(right)")
    case .plus where next == UInt8(ascii: "+") && endsOperation(end + 1),
      .minus where next == UInt8(ascii: "-") && endsOperation(end + 1):
      throw fault("\(value)\(symbol.rawValue)\(symbol.rawValue)", here: "\(value) \(symbol.rawValue)= 1")
    default: return
    }
  }

  /// Whether an operator that stands twice in a row is none here.
  func isDoubled(_ token: Token) -> Bool {
    guard case .symbol(let symbol) = token.kind else { return false }
    return (symbol == .star || symbol == .slash)
      && scanner[token.range.upperBound] == symbol.rawValue.utf8.first
  }

  private func endsOperation(_ end: Int) -> Bool {
    let next = scanner.skippingBlanks(end)
    return scanner.endsLine(next) || ";)]}".utf8.contains(scanner[next] ?? 0)
  }

  /// The operand behind an operator that is none here.
  private func operandText(at start: Int) -> String {
    var copy = self
    copy.move(to: start)
    return (try? copy.operand())?.span.text.clipped ?? "b"
  }

  /// `f"{x}"`
  func rejectFormattedString(_ token: Token) throws {
    guard scanner[token.range.upperBound] == UInt8(ascii: "\""), text(token) == "f" || text(token) == "F"
    else {
      return
    }
    let string = (try? scanner.token(at: token.range.upperBound)).map { text($0).clipped } ?? "\"...\""
    throw SyntaxFault.foreign("f\(string)", here: string).at(span(token))
  }

  /// `elif`, at the beginning of a statement or behind a block.
  func rejectElif(_ token: Token) throws {
    guard token.kind == .identifier, ["elif", "elsif", "elseif"].contains(Name(text(token))) else { return }
    throw SyntaxFault.foreign("\(text(token)) condition {", here: "} else if condition {").at(span(token))
  }
}

// MARK: Methods
extension Parser {
  /// Methods whose name here is another.
  private static let functions: NameTable = [
    "strip": "trim", "startswith": "starts_with", "endswith": "ends_with", "extend": "concat",
    "format": "string", "tolist": "list", "unsqueeze": "tensor", "argsort": "sort", "groupby": "group",
    "sort_values": "sort", "merge": "join", "melt": "unpivot", "assign": "with_column", "T": "transpose",
  ]

  /// `xs.append(3)`: functions take what they work on as their first argument.
  mutating func methodCall(of base: Expression) throws -> Diagnostic {
    guard case .member(let object, let method) = base.kind else {
      return SyntaxFault.notCallable.at(base.span)
    }
    var copy = self
    let start = position
    let isRead =
      (try? copy.enclosed(by: .rightParenthesis, expecting: "`)`") { try $0.callArguments(of: method.name) })
      != nil
    let arguments = isRead ? scanner.source.text(start + 1..<copy.position - 1) : "..."
    let (whole, name) = (object.span.text.clipped, method.name)
    let found = "\(whole).\(name)(\(arguments.clipped))"
    let rest = arguments.isEmpty ? "" : ", \(arguments.clipped)"
    let here: String
    switch name {
    case "append": here = "let \(whole) = append(\(whole)\(rest))"
    case "items": here = "for key, value in \(whole)"
    case "join": here = "join(\(arguments.isEmpty ? "list" : arguments.clipped), \(whole))"
    case "format": here = "\"{x:.2f}\""
    case "T": here = "transpose(\(whole))"
    default:
      let function = Self.functions[name] ?? name
      guard grammar.isFunction(function) || functions.contains(Name(function)) else {
        return SyntaxFault.notCallable.at(base.span)
      }
      here = "\(function)(\(whole)\(rest))"
    }
    return SyntaxFault.foreign(found, here: here).at(base.span)
  }
}
