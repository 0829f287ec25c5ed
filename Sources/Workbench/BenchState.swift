import Transformers
import ExactText
import Language
import Results

/// What a session about models is about.
package struct BenchState: DomainState {
  /// Loaded models by name, in the order they were loaded.
  package internal(set) var models = WatchedTable<LoadedModel>(names: .modelNames) { .model($0) }
  @Watched(.currentModel) package internal(set) var currentModel: String? = nil
  @Watched(.text) package internal(set) var text: SentenceText? = nil
  @Watched(.quantity) package internal(set) var quantity: QuantityText? = nil
  @Watched(.baseline) package internal(set) var baseline = BaselineText.standard
  @Watched(.interventions) package internal(set) var interventions = ActiveInterventions()
  /// Whether it was said that a causal model reads what stands before a mask.
  var toldOfPrefixes = false
  /// Models and tasks of which it was said what entries the answers are.
  var toldOfEntries: Set<Name> = []
  /// Set while a script is checked.
  private(set) var rehearsal: Rehearsal?

  package init() {}

  package var model: LoadedModel? { currentModel.flatMap { models[$0] } }

  /// Makes a model current.
  mutating func add(_ model: LoadedModel) {
    models[model.name] = model
    currentModel = model.name
  }
}

extension BenchState {
  package var keys: [StateKey] { models.keys.map(StateKey.model) + Self.contexts }

  package static let contexts: [StateKey] = [.currentModel, .text, .quantity, .baseline, .interventions]
  package static let nameKeys: Set<StateKey> = [.currentModel, .text]
  package static let workKeys: Set<StateKey> = [.currentModel, .text, .quantity]
  package static let computing = StateKey.currentModel

  package var origins: [(key: StateKey, name: String, provenance: Provenance)] {
    models.values.map { (.model($0.name), $0.name, $0.provenance) }
  }

  package mutating func begin(_ log: StatementLog) {
    models.begin(log)
    _currentModel.begin(log)
    _text.begin(log)
    _quantity.begin(log)
    _baseline.begin(log)
    _interventions.begin(log)
  }

  package var writtenKeys: Set<StateKey> {
    let parts: [any WatchedPart] = [models, _currentModel, _text, _quantity, _baseline, _interventions]
    return parts.reduce(into: []) { $0.formUnion($1.writtenKeys) }
  }

  package static let changesKey = StateKey.interventions

  package static let changeAdvice = (
    takes: "what changes the network",
    example: "`with ablate(L3H1) { ... }`, or a variable that holds what `ablate`, `keep` or `patch` gave"
  )

  package static let changingVerbs = ["ablate", "patch", "keep"]

  package var changes: Int { interventions.changes }

  package mutating func apply(_ object: any ObjectValue) -> Bool {
    guard let intervention = object as? Intervention else { return false }
    _ = interventions.add { intervention.numbered($0) }
    return true
  }

  /// As if nothing had changed it.
  package mutating func restoreChanges(from before: any DomainState) {
    guard let before = before as? BenchState else { preconditionFailure("the state of another domain") }
    _interventions = before._interventions
  }

  package mutating func setChecking(_ isChecking: Bool) {
    rehearsal = isChecking ? Rehearsal() : nil
  }
}

extension StateKey {
  private static let modelPart = "model"

  package static func model(_ name: String) -> StateKey { .stateItem(modelPart, name: name) }
  /// Which models are loaded.
  package static let modelNames = StateKey.stateItemNames(modelPart)
  package static let currentModel = StateKey.state(modelPart)
  package static let text = StateKey.state("text")
  package static let quantity = StateKey.state("quantity")
  package static let baseline = StateKey.state("baseline")
  package static let interventions = StateKey.state("interventions")
}

/// The sentence (or pair) that commands work on, as it was typed.
package struct SentenceText: Sendable, Equatable {
  package let text: String
  package let pair: String?
  /// The tokens, where they were given instead of words.
  package let ids: [Int32]?
  /// What else could stand there, of as many tokens.
  package let counterfactual: CounterfactualText?

  init(
    text: String, pair: String? = nil, ids: [Int32]? = nil, counterfactual: CounterfactualText? = nil
  ) {
    (self.text, self.pair, self.ids, self.counterfactual) = (text, pair, ids, counterfactual)
  }
}

/// Another text beside a sentence, given as the sentence is; of a pair it stands in the place of the first text.
package enum CounterfactualText: Sendable, Equatable {
  case words(String)
  case ids([Int32])
}

extension SentenceText {
  /// Without its counterfactual: what tells sentences apart.
  var alone: SentenceText { SentenceText(text: text, pair: pair, ids: ids) }

  /// The counterfactual as a sentence, which has this one as its counterfactual; nil where there is none.
  var exchanged: SentenceText? {
    switch counterfactual {
    case .words(let words):
      SentenceText(text: words, pair: pair, counterfactual: ids.map(CounterfactualText.ids) ?? .words(text))
    case .ids(let other):
      SentenceText(text: "", ids: other, counterfactual: ids.map(CounterfactualText.ids) ?? .words(text))
    case nil: nil
    }
  }
}

/// The quantity of interest as it was typed; resolved against the model that is current when used.
package struct QuantityText: Sendable, Equatable {
  package let source: String
  package let position: Int?
}

extension Session {
  /// A fresh session about models.
  package init(scriptArguments: [String] = []) {
    self.init(BenchState(), scriptArguments: scriptArguments)
  }

  /// What it is about.
  package var bench: BenchState {
    guard let bench = state as? BenchState else { preconditionFailure("a session of another domain") }
    return bench
  }
}
