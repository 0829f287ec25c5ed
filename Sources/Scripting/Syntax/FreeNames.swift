import ExactText

/// A name in the body of a function that means something around it.
public struct FreeName: Sendable {
  public let name: String
  /// Whether it is called: `f` in `f(x)`.
  public let isCalled: Bool
}

extension FunctionSyntax {
  /// The names in the expression of a lambda that are none of its parameters, each as often as it is there.
  public var freeNames: [FreeName] {
    let own = Set(names: parameters.map(\.name.name))
    return body.flatMap(\.expressions).flatMap { $0.freeNames(but: own) }
  }
}

extension Expression {
  fileprivate func freeNames(but bound: Set<Name>) -> [FreeName] {
    switch kind {
    case .name(let name): return bound.contains(Name(name)) ? [] : [FreeName(name: name, isCalled: false)]
    case .call(let call):
      let callee = call.callee.name
      return (bound.contains(Name(callee)) ? [] : [FreeName(name: callee, isCalled: true)])
        + kind.children.flatMap { $0.freeNames(but: bound) }
    case .lambda(let function):
      let inner = bound.union(Set(names: function.parameters.map(\.name.name)))
      return kind.children.flatMap { $0.freeNames(but: inner) }
    case .comprehension(let comprehension): return comprehension.freeNames(but: bound)
    default: return kind.children.flatMap { $0.freeNames(but: bound) }
    }
  }
}

extension Comprehension {
  fileprivate func freeNames(but outer: Set<Name>) -> [FreeName] {
    var bound = outer
    var names: [FreeName] = []
    for clause in clauses {
      names += clause.expression.freeNames(but: bound)
      if case .each(let variables, _) = clause { bound.formUnion(Set(names: variables.map(\.name))) }
    }
    return names + element.freeNames(but: bound)
  }
}
