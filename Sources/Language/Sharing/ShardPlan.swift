import ExactText
import Scripting

/// What the statements of scripts are to a run that computes a share of the rows.
///
/// Names stand for their values wherever they are: a name that is bound to what only the gathered rows tell is taken for such
/// everywhere. So a plan may refuse or run more than it must, never less.
struct ShardPlan {
  private let registry: CommandRegistry
  /// Functions of the scripts whose bodies compute shares, and those that change the session.
  private var sharing: Set<Name> = []
  private var changing: Set<Name> = []
  /// Names whose values are not known before the rows are gathered.
  private var unknown: Set<Name> = []
  /// Names that shares depend on.
  private var needed: Set<Name> = []
  private var bound: Set<Name> = []
  /// Conditions and loops that nothing known decides.
  private(set) var faults: [Diagnostic] = []

  init(_ scripts: [Script], _ registry: CommandRegistry) {
    self.registry = registry
    let statements = scripts.flatMap(\.statements).flatMap(Self.all)
    repeat {} while learn(statements)
    for statement in statements { judge(statement) }
  }

  private static func all(_ statement: Statement) -> [Statement] {
    [statement] + statement.blocks.flatMap(all)
  }

  /// Whether anything is new.
  private mutating func learn(_ statements: [Statement]) -> Bool {
    let before = sharing.count + changing.count + unknown.count + needed.count + bound.count
    for statement in statements {
      switch statement.kind {
      case .function(let function):
        let body = function.body.flatMap(Self.all)
        if body.contains(where: computesShares) { sharing.insert(Name(function.name.name)) }
        if body.contains(where: changesSession) { changing.insert(Name(function.name.name)) }
      case .binding(let name, let value):
        bound.insert(Name(name.name))
        if isUnknown(value) { unknown.insert(Name(name.name)) }
      case .assignment(let target, _, let value):
        guard let variable = target.assignedVariable else { break }
        bound.insert(Name(variable.name))
        if isUnknown(value) || isUnknown(target) { unknown.insert(Name(variable.name)) }
      case .forLoop(let variables, _, _): bound.formUnion(Set(names: variables.map(\.name)))
      default: if computesShares(statement) { unknown.insert("_") }
      }
      if isNeeded(statement) { needed.formUnion(statement.expressions.flatMap(Self.names)) }
    }
    return before != sharing.count + changing.count + unknown.count + needed.count + bound.count
  }

  private mutating func judge(_ statement: Statement) {
    let conditions: [Expression]
    switch statement.kind {
    case .forLoop, .whileLoop, .conditional: conditions = statement.expressions
    default: return
    }
    for condition in conditions where isUnknown(condition) {
      faults.append(
        Diagnostic(
          code: "shard-decides",
          "`\(condition.span.text)` is not known before the shares are gathered, and decides what is run",
          at: condition.span,
          notes: ["decide by what has no file=, or gather first and decide in another script"]))
    }
  }

  // MARK: Statements

  /// Whether a statement runs: it computes shares or others depend on it.
  func runs(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .binding(let name, _):
      return !bound.contains(Name(name.name)) || needed.contains(Name(name.name)) || acts(statement)
    case .assignment(let target, _, _): return isNeeded(target) || acts(statement)
    case .command, .expression: return acts(statement)
    case .function, .break, .continue, .return: return true
    case .forLoop, .whileLoop, .conditional, .scoped, .attempt: return statement.blocks.contains(where: runs)
    }
  }

  /// Whether a statement reads what is not known before the rows are gathered.
  func readsUnknown(_ statement: Statement) -> Bool { statement.expressions.contains(where: isUnknown) }

  private func acts(_ statement: Statement) -> Bool { computesShares(statement) || changesSession(statement) }

  private func isNeeded(_ statement: Statement) -> Bool {
    if case .binding(let name, _) = statement.kind, needed.contains(Name(name.name)) { return true }
    if case .assignment(let target, _, _) = statement.kind, isNeeded(target) { return true }
    return statement.blocks.isEmpty ? acts(statement) : runs(statement)
  }

  private func isNeeded(_ target: Expression) -> Bool {
    target.assignedVariable.map { needed.contains(Name($0.name)) } ?? false
  }

  private func computesShares(_ statement: Statement) -> Bool {
    calls(in: statement).contains { call in
      sharing.contains(Name(call.callee.name))
        || (registry[call.callee.name]?.isShared ?? false)
          && call.arguments.contains { $0.label?.name == "file" }
    }
  }

  private func changesSession(_ statement: Statement) -> Bool {
    calls(in: statement).contains { call in
      changing.contains(Name(call.callee.name)) || (registry[call.callee.name]?.changesSession ?? false)
    }
  }

  // MARK: Expressions

  private func isUnknown(_ expression: Expression) -> Bool {
    let statement = Statement(.expression(expression), expression.span)
    return computesShares(statement) || Self.names(expression).contains(where: unknown.contains)
  }

  private func calls(in statement: Statement) -> [Call] {
    let own: [Call] = if case .command(let call) = statement.kind { [call] } else { [] }
    return own + statement.expressions.flatMap(calls)
  }

  private func calls(in expression: Expression) -> [Call] {
    let inner = expression.kind.children.flatMap(calls)
    switch expression.kind {
    case .call(let call): return [call] + inner
    case .statement(let statement): return calls(in: statement)
    default: return inner
    }
  }

  private static func names(_ expression: Expression) -> [Name] {
    let inner = expression.kind.children.flatMap(names)
    if case .name(let name) = expression.kind { return [Name(name)] + inner }
    return inner
  }
}
