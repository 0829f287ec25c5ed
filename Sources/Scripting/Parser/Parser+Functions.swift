import ExactText

// MARK: Functions
extension Parser {
  /// `def name(a, b=1) { ... }`
  mutating func function() throws -> Statement {
    let keyword = try take()
    guard !enclosing.isFunction else { throw SyntaxFault.nestedFunction.at(span(keyword)) }
    let name = try newName("a name after `def`")
    if grammar.argumentStyle(of: name.name) != nil || grammar.isFunction(name.name) {
      throw SyntaxFault.shadowsCommand(name.name.clipped).at(name.span)
    }
    functions.insert(name.name)
    guard try at(.leftParenthesis), try isAttached() else {
      throw try unexpected("`(` directly after `def \(name.name.clipped)`")
    }
    let parameters = try enclosed(by: .rightParenthesis, expecting: "`,` or `)`") { try $0.parameters() }
    let function = FunctionSyntax(name: name, parameters: parameters, body: try functionBody())
    return Statement(.function(function), span(from: keyword.range.lowerBound))
  }

  private mutating func parameters() throws -> [FunctionSyntax.Parameter] {
    var (names, last): (Set<Name>, FunctionSyntax.Parameter?) = ([], nil)
    return try separated(until: .rightParenthesis) { parser in
      let parameter = try parser.parameter(after: last, names)
      names.insert(parameter.name.name)
      last = parameter
      return parameter
    }
  }

  private mutating func parameter(
    after last: FunctionSyntax.Parameter?, _ names: Set<Name>
  ) throws -> FunctionSyntax.Parameter {
    let name = try newName("the name of a parameter")
    guard !names.contains(name.name) else {
      throw SyntaxFault.duplicateParameter(name.name.clipped).at(name.span)
    }
    if try takeIf(.assign) { return .init(name: name, standard: try expression()) }
    guard last?.standard == nil else {
      throw SyntaxFault.parameterOrder(name.name.clipped).at(name.span)
    }
    return .init(name: name, standard: nil)
  }

  private mutating func functionBody() throws -> [Statement] {
    let outer = enclosing
    enclosing = Enclosing(isLoop: false, isFunction: true)
    let body = try block(of: "def")
    enclosing = outer
    return body
  }

  /// `return` or `return value`
  mutating func returning() throws -> Statement {
    let keyword = try take()
    guard enclosing.isFunction else {
      throw SyntaxFault.misplacedStatement(.return, outside: "function").at(span(keyword))
    }
    let value = try isAtStatementEnd() ? nil : try expression()
    return Statement(.return(value), span(from: keyword.range.lowerBound))
  }
}

// MARK: Errors
extension Parser {
  /// `try { ... } catch name { ... }`
  mutating func attempt() throws -> Statement {
    let start = try take().range.lowerBound
    let body = try block(of: "try")
    guard let end = try end(of: .catch) else {
      try skipNewlines()
      throw try unexpected("`catch` after the block of `try`")
    }
    move(to: end)
    let name = try at(.leftBrace) ? nil : try newName("a name or `{` after `catch`")
    let handler = try block(of: "catch")
    return Statement(.attempt(body: body, name: name, handler: handler), span(from: start))
  }
}
