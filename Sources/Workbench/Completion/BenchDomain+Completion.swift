import Checkpoints
import ExactText
import Language
import Measurement
import Results

extension BenchDomain {
  package func candidates(
    for place: CompletionPlace, in session: any CommandContext
  ) -> [Completer.Candidate]? {
    let offers = BenchCompletion(Bench(session))
    switch place {
    case .node(let word): return offers.nodes(word)
    case .raw(let word): return offers.quantities(word)
    case .parameter(let parameter, let word, let text, let isQuoted):
      return offers.values(of: parameter, word, behind: text, isQuoted: isQuoted)
    }
  }
}

/// What Tab offers of models, tasks and the current text.
struct BenchCompletion {
  typealias Candidate = Completer.Candidate

  let bench: Bench

  init(_ bench: Bench) { self.bench = bench }

  func nodes(_ word: String) -> [Candidate] {
    guard let model = bench.model else { return [] }
    return NodeCompletion(model: model, tokens: tokens).candidates(word)
  }

  /// Of the current text; none without one.
  private var tokens: [String] {
    guard let model = bench.model else { return [] }
    return (try? bench.currentText(model))?.encoding.tokens ?? []
  }

  /// - Parameter text: what stands before the word.
  /// - Returns: nil for a parameter that is none of the bench's.
  func values(
    of parameter: Parameter, _ word: String, behind text: String, isQuoted: Bool
  ) -> [Candidate]? {
    switch parameter.kind {
    case _ where parameter.name == "case": cases(in: text, isQuoted)
    case .name(.models): isQuoted ? quotedModels(word) : embeddedModels
    case .name(.revisions): revisions(in: text).map { $0.ended(isQuoted) }
    case .name(.loadedModels):
      bench.state.models.values.map { Candidate($0.name, $0.summary).ended(isQuoted) }
    case .name(.weights):
      isQuoted ? bench.model?.folder.checkpoint.names.map { Candidate($0).ended(true) } ?? [] : []
    case .name(.vocabulary): vocabulary(word).map { $0.ended(isQuoted) }
    case .name(.baselines): (baselines + vocabulary(word)).map { $0.ended(isQuoted) }
    case .custom(let kind) where kind is TaskArgument && !isQuoted: tasks
    case .custom(let kind) where kind is TextOrTaskArgument && !isQuoted:
      tasks + variables { $0.typeName == "string" }
    case .integer where parameter.name == "at": positions
    default: nil
    }
  }

  private var embeddedModels: [Candidate] { ModelLocator.embedded.map { Candidate($0, "embedded model") } }

  private func quotedModels(_ word: String) -> [Candidate] {
    let known = ModelLocator.embedded + ModelLocator.cached(environment: bench.session.environment)
    return known.map { Candidate($0).ended(true) } + FileCompletion.candidates(word)
  }

  /// Of the repository that the statement names.
  private func revisions(in text: String) -> [Candidate] {
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
    guard let model = parts.last(where: { $0.hasPrefix("hf:") }) else { return [] }
    let revisions = try? ModelLocator.revisions(
      of: model, environment: bench.session.environment)
    return revisions?.map { Candidate($0.name, $0.commit) } ?? []
  }

  private var baselines: [Candidate] {
    [
      Candidate("mask", "the [MASK] embedding"), Candidate("pad", "the [PAD] embedding"),
      Candidate("eos", "the token for the end of a text"), Candidate("bos", "the token for its begin"),
      Candidate("zero", "a zero vector"), Candidate("counterfactual", "the text beside each sentence"),
    ]
  }

  /// Built-in ones, those in variables, and the function that reads one.
  private var tasks: [Candidate] {
    BuiltInTasks.names.map { name in
      let task = (try? BuiltInTasks.task(named: name)).flatMap { $0 }
      return Candidate(name, task.map { "\($0.rows.count) rows, \($0.kind.rawValue)" })
    } + variables { $0.typeName == "task" } + [Candidate("task(", TaskCommand().summary, isWhole: false)]
  }

  private func variables(where isWanted: (Value) -> Bool) -> [Candidate] {
    bench.session.variables.visible.filter { isWanted($0.value) }
      .sorted { $0.key < $1.key }.map { Candidate($0.key, of: $0.value) }
  }

  private var positions: [Candidate] {
    tokens.enumerated().map { Candidate("\($0.offset)", $0.element) }
  }

  /// The cases of the tasks that the statement names.
  private func cases(in text: String, _ isQuoted: Bool) -> [Candidate] {
    let statement = text.split { $0 == ";" || $0.isNewline }.last ?? ""
    let names = statement.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
    return names.compactMap(task).flatMap { task in
      task.cases.map { name in
        let count = task.rows.count { $0.caseName == name }
        let written = isQuoted ? name + "\"" : Completer.isBare(name) ? name : "\"\(name)\""
        return Candidate(written, "\(count) rows of \(task.name)")
      }
    }
  }

  private func task(_ name: String) -> MeasurementTask? {
    let value = bench.session.variables[name] ?? BenchDomain().presentValue(named: name, in: bench.session)
    guard case .object(let object)? = value else { return nil }
    return (object as? TaskValue)?.task
  }
}

extension Completer.Candidate {
  /// With the quote that ends a string, if it stands in one.
  fileprivate func ended(_ isQuoted: Bool) -> Self { isQuoted ? .init(text + "\"", description) : self }
}
