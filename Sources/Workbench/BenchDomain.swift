import Checkpoints
import Transformers
import ExactText
import Faults
import Language
import Measurement
import Results
import Scripting
import Tensors

/// Models, and what is asked of them.
package struct BenchDomain: Domain {
  package init() {}

  package var initialState: any DomainState { BenchState() }

  // MARK: Names

  /// The current or another loaded model, an activation of the current text, another library's name, a built-in task.
  package func value(named name: String, at span: Span, in session: any CommandContext) throws -> Value? {
    let bench = Bench(session)
    if name == Self.modelName { return try session.locating(span) { .object(try bench.requireModel()) } }
    if let site = Site(name: name) {
      return try session.locating(span) { .tensor(try bench.activation(site, at: span)) }
    }
    if let value = try bench.aliasValue(name, at: span) { return value }
    if let model = bench.state.models[name] { return .object(model) }
    return try session.locating(span) { try BuiltInTasks.task(named: name) }.map {
      .object(TaskValue(task: $0))
    }
  }

  private static let modelName = "model"

  package func presentValue(named name: String, in session: any CommandContext) -> Value? {
    if name == Self.modelName { return Bench(session).model.map { .object($0) } }
    return (try? BuiltInTasks.task(named: name)).flatMap { $0 }.map { .object(TaskValue(task: $0)) }
  }

  package func constants(in session: any CommandContext) -> [(name: String, what: String)] {
    [(Self.modelName, "the current model")]
      + Bench(session).state.models.keys.map { ($0, "loaded model") }
      + BuiltInTasks.names.map { ($0, "built-in task") }
      + Site.Kind.allCases.filter { !$0.isPerLayer }.map { ($0.rawValue, "tensor of the current text") }
  }

  package func value(of node: NodeSyntax, at span: Span, in session: any CommandContext) throws -> Value {
    try Bench(session).nodeValue(node, at: span)
  }

  package func value(ofAlias text: String, at span: Span, in session: any CommandContext) throws -> Value? {
    try Bench(session).aliasValue(text, at: span)
  }

  package func readsState(_ name: String) -> Bool {
    name == Self.modelName || Site(name: name) != nil || Alias.isAlias(name)
  }

  // MARK: Values

  /// A node stands for what it carries for the current text.
  package func tensor(
    of object: any ObjectValue, for verb: String, in session: any CommandContext
  ) throws -> Tensor? {
    try (object as? NodeSet).map { try Bench(session).activation(of: $0, verb: verb) }
  }

  package func object(savedAs value: Value, in path: String) throws -> (any ObjectValue)? {
    if let patterns = PatternSet(saved: value) { return patterns }
    guard case .record(let record) = value, record["words"] != nil || record["sentences"] != nil else {
      return nil
    }
    throw InputOutputFault.malformed(
      "\(path): looks like patterns, but a field is missing or does not fit the others")
  }

  // MARK: The command line

  package func load(_ specifier: String, in session: any CommandContext) throws {
    try Bench(session).load(specifier)
  }

  /// Compares with the loaded model of that name, or with the files that would be loaded.
  package func difference(from recorded: Provenance, in session: any CommandContext) -> String? {
    guard let name = recorded["model"], let fingerprint = recorded["fingerprint"] else { return nil }
    let specifier = recorded["load"] ?? name
    let present =
      Bench(session).state.models[name]?.folder.fingerprint
      ?? (try? ModelFolder(path: ModelLocator.folder(for: specifier, environment: session.environment)))?
      .fingerprint
    guard let present else { return "recorded with model \(name), which cannot be read from \(specifier)" }
    guard present != fingerprint else { return nil }
    return "recorded with model \(name) of fingerprint \(fingerprint.prefix(12))…, here it is "
      + "\(present.prefix(12))…"
  }

  // MARK: Checking

  package func measuring<R>(
    in session: any CommandContext, _ body: () throws -> R
  ) -> (result: Result<R, any Error>, cost: WorkCost?) {
    guard let rehearsal = Bench(session).state.rehearsal else { preconditionFailure("nothing is checked") }
    // No value depends on what the work is counted for.
    let model = session.withoutDependences { Bench(session).model }
    let (result, work) = rehearsal.log.work(of: body)
    guard work.sequences > 0, let model else { return (result, nil) }
    let cost = WorkCost(
      sequences: work.sequences, operations: work.operations, bytes: work.bytes,
      seconds: { try rehearsal.speed(of: model, check: $0).seconds(for: work) })
    return (result, cost)
  }
}

extension LoadedModel {
  /// As records and saved scripts tell it.
  var provenance: Provenance {
    Provenance(fields: [("model", name), ("fingerprint", folder.fingerprint), ("load", specifier)])
  }
}

extension Interpreter {
  /// One whose scripts are about models.
  package convenience init(
    session: Session = Session(), registry: CommandRegistry = .standard, environment: [String: String],
    console: Console, checkInterruption: @escaping InterruptionCheck = {},
    acknowledgeInterruption: @escaping () -> Void = {}
  ) {
    self.init(
      session: session, registry: registry, domain: BenchDomain(), environment: environment,
      console: console, checkInterruption: checkInterruption,
      acknowledgeInterruption: acknowledgeInterruption)
  }
}
