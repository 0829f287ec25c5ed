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
    case .name(.models): models(word, isQuoted)
    case .custom(let kind) where kind is any NodeNaming && isQuoted:
      nodeNames(word, startsWithWord: kind is PathTextArgument)
    case .name(.revisions): revisions(in: text).map { $0.ended(isQuoted) }
    case .name(.loadedModels):
      bench.state.models.values.map { Candidate($0.name, $0.summary).ended(isQuoted) }
    case .name(.weights):
      isQuoted ? bench.model?.folder.checkpoint.names.map { Candidate($0).ended(true) } ?? [] : []
    case .name(.vocabulary): vocabulary(word).map { $0.ended(isQuoted) }
    case .name(.baselines): (baselines + vocabulary(word)).map { $0.ended(isQuoted) }
    case .custom(let kind) where kind is TaskArgument || kind is TaskSourceArgument:
      (isQuoted ? namedTasks.map { $0.ended(true) } : tasks)
        + FileCompletion.candidates(word, isQuoted: isQuoted)
    case .custom(let kind) where kind is TextOrTaskArgument && !isQuoted:
      tasks + variables { $0.typeName == "string" }
    case .integer where parameter.name == "at": positions
    default: nil
    }
  }

  /// Embedded ones, those of the cache, and folders.
  private func models(_ word: String, _ isQuoted: Bool) -> [Candidate] {
    let cached = ModelLocator.cached(environment: bench.session.environment)
    let known =
      ModelLocator.embedded.map { Candidate($0, "embedded model") }
      + cached.map { Candidate($0, "in the Hugging Face cache") }
    return known.map { $0.ended(isQuoted) } + FileCompletion.candidates(word, isQuoted: isQuoted)
  }

  /// Inside quotes: a node, the next one behind an arrow, or the word that a pattern begins with.
  private func nodeNames(_ text: String, startsWithWord: Bool) -> [Candidate] {
    guard let arrow = text.lastRange(of: "->") else {
      return startsWithWord ? uniqueTokens : nodes(text).map { $0.continuing("") }
    }
    let before = text[..<arrow.upperBound] + " "
    let word = text[arrow.upperBound...].drop { $0 == " " }
    let start = word.isEmpty && !text.hasSuffix(" ") ? String(before) : String(text[..<word.startIndex])
    let ends = startsWithWord ? [Candidate("Q", "the quantity")] : [Candidate("out", "the output")]
    return (nodes(String(word)) + ends).map { $0.continuing(start) }
  }

  private var uniqueTokens: [Candidate] {
    tokens.enumerated().filter { token in tokens.count { $0 == token.element } == 1 }
      .map { Candidate($0.element + " -> ", "position \($0.offset)", isWhole: false) }
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
    namedTasks + [Candidate("task(", TaskCommand().summary, isWhole: false)]
  }

  private var namedTasks: [Candidate] {
    BuiltInTasks.names.map { name in
      let task = (try? BuiltInTasks.task(named: name)).flatMap { $0 }
      return Candidate(name, task.map { "\($0.rows.count) rows, \($0.kind.rawValue)" })
    } + variables { $0.typeName == "task" }
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
  /// Inside quotes, behind what stands there; it may go on.
  fileprivate func continuing(_ before: String) -> Self { .init(before + text, description, isWhole: false) }

  /// With the quote that ends a string, if it stands in one.
  fileprivate func ended(_ isQuoted: Bool) -> Self { isQuoted ? .init(text + "\"", description) : self }
}
