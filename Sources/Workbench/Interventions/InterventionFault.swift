import Attribution
import Faults
import Language

/// What can be wrong with an intervention, when it is made or when it is used.
enum InterventionFault: StatedFault {
  typealias Label = Intervention.Label

  // Made
  case notNodes(String)
  case noNodeName(String)
  case noTask(by: String)
  case notKeepable(String)
  case mixedWithPatterns
  case patternsOfOtherModel(layers: Int, heads: Int)
  case coarserPatterns(PatternLevel, finest: PatternLevel)
  case noNodes
  case unequalLengths(for: LengthNeed, task: String, shortest: Int, longest: Int)
  case rowTooShort(task: String, node: String, shortest: Int)
  case textTooShort(node: String, length: Int)
  case noNumber(Int, known: [Int])
  case nothingToRestore
  // Used
  case position(Label, node: String, length: Int)
  case length(Label, expected: Int, found: Int)
  case noPatterns(Label, sentence: String)
  /// Of one sentence with several questions, none of which is the one asked.
  case severalPatterns(Label, sentence: String, quantities: [String])
  /// No label for nodes that are replaced in turn.
  case noDonor(Label?, task: String, length: Int)
  case noCounterfactual(Label, sentence: String)

  /// What needs sentences of one length.
  enum LengthNeed { case means, positions }

  package var sentence: FaultSentence {
    switch self {
    case .noTask(let by):
      (
        "intervention-task", "by=\(by) takes the activations of a task's sentences",
        "name the task, e.g. `by=\(by) on=sva_obj`"
      )
    case .noNodeName(let text):
      (
        "not-nodes", "\(quoted(text)) names no nodes",
        "write it as in L3H5, L0-2.mlp or embed@7; see `help nodes`"
      )
    case .notNodes(let found):
      ("not-nodes", "expected nodes, found \(withArticle(found))", "see `help nodes`")
    case .notKeepable(let node):
      (
        "intervention-keep", "`keep` cannot keep \(node)",
        "it keeps hidden states (embed, L3@7), heads (L3H5), feed-forward branches (L3.mlp) and skip connections (L3.skip, L3.mlp_skip)"
      )
    case .mixedWithPatterns:
      ("intervention-keep-mixed", "`keep` takes nodes or one value of `patterns`, not both", nil)
    case .patternsOfOtherModel(let layers, let heads):
      (
        "intervention-patterns-model",
        "the patterns are not of this model, which has \(layers) layers of \(heads) heads", nil
      )
    case .coarserPatterns(let level, let finest):
      (
        "intervention-patterns-level", "the patterns were not searched at the \(level.title) level",
        finest == .embedding
          ? "keep their hidden states with level=embedding"
          : "keep what they take with level=\(finest.rawValue), or search with `patterns level=\(level.rawValue)`"
      )
    case .noNodes: ("intervention-no-nodes", "there are no nodes: the list is empty", "see `help nodes`")
    case .unequalLengths(let need, let task, let shortest, let longest):
      (
        "intervention-lengths",
        "\(need.subject) sentences of one length; those of \(task) have \(shortest) to \(longest) tokens",
        need.remedy
      )
    case .rowTooShort(let task, let node, let shortest):
      ("intervention-row-position", "\(node): a sentence of \(task) has only \(shortest) tokens", nil)
    case .textTooShort(let node, let length):
      ("intervention-from-position", "\(node): the text has only \(length) tokens", nil)
    case .noNumber(let number, let known):
      (
        "intervention-number", "there is no intervention \(number)",
        known.isEmpty ? nil : "there are \(known.map(String.init).joined(separator: ", "))"
      )
    case .nothingToRestore: ("intervention-none", "there is no intervention to remove", nil)
    case .position(let label, let node, let length):
      used(
        label, "position", "\(node) is out of range 0...\(length - 1) (the text has \(length) tokens)")
    case .length(let label, let expected, let found):
      used(label, "length", "it holds activations of \(expected) tokens, the text has \(found)")
    case .noPatterns(let label, let sentence):
      used(label, "sentence", "it has no patterns of \"\(sentence)\"")
    case .severalPatterns(let label, let sentence, let quantities):
      (
        "intervention-quantity",
        "\(label.text) has different patterns of \"\(sentence)\" for \(quantities.joined(separator: ", "))",
        "set one of these quantities with `qoi`, or take rows that have them"
      )
    case .noCounterfactual(let label, let sentence):
      (
        "intervention-counterfactual",
        "intervention \(label.number) (\(label.text)): "
          + (sentence.isEmpty
            ? "the text has no counterfactual" : "\(quoted(sentence)) has no counterfactual"),
        "give one, `text \"...\" counterfactual=\"...\"`, or `restore \(label.number)`"
      )
    case .noDonor(let label, let task, let length):
      used(label, "donor", "no other sentence of \(task) can stand in for one of \(length) tokens")
    }
  }

  private func used(_ label: Label?, _ code: String, _ reason: String) -> FaultSentence {
    guard let label else {
      return ("intervention-\(code)", reason, "choose more rows, or replace by=mean or by=baseline")
    }
    return (
      "intervention-\(code)", "intervention \(label.number) (\(label.text)): \(reason)",
      "`restore \(label.number)` removes it"
    )
  }
}

extension InterventionFault.LengthNeed {
  fileprivate var subject: String {
    switch self {
    case .means: "means per position need"
    case .positions: "positions can be swept over"
    }
  }

  fileprivate var remedy: String {
    switch self {
    case .means: "leave out per=position for one mean over all positions"
    case .positions: "choose rows of one length, e.g. with case=NAME, or sweep heads, layers or nodes"
    }
  }
}
