import Transformers
import ExactText
import Language

/// Continues the name of a node or tensor, one part at a time.
struct NodeCompletion {
  let model: LoadedModel
  /// Of the current text; empty without one.
  let tokens: [String]

  func candidates(_ word: String) -> [Completer.Candidate] {
    if let arrow = word.lastIndex(of: "<"), word[arrow...].hasPrefix("<-") {
      return tokens.enumerated().map { .init("\(word[..<arrow])<-\($0.offset)", $0.element) }
    }
    if let at = word.lastIndex(of: "@") {
      // A head at a position may read another.
      let isWhole = !word.contains("H") || word.contains(".")
      return tokens.enumerated().map { .init("\(word[..<at])@\($0.offset)", $0.element, isWhole: isWhole) }
    }
    if word.hasPrefix("blocks.") { return hooks(word) }
    guard word.hasPrefix("L") else { return word.isEmpty ? [.init("L", "a layer", isWhole: false)] : [] }
    if let dot = word.firstIndex(of: ".") {
      let place = String(word[..<dot])
      return place.contains("H") ? projections(place) : components(place)
    }
    if let head = word.firstIndex(of: "H") {
      return (0..<model.configuration.heads).map {
        .init("\(word[..<head])H\($0)", "head", isWhole: false)
      }
        + (Int(word[head...].dropFirst()).map { $0 < model.configuration.heads } ?? false
          ? projections(word) : [])
    }
    let layers = (0..<model.configuration.layers).map(String.init)
    if word.count == 1 { return layers.map { .init("L\($0)", "layer \($0)", isWhole: false) } }
    guard layers.contains(String(word.dropFirst())) else { return [] }
    return [.init(word, "the block's output")] + [.init("\(word)H", "a head", isWhole: false)]
      + [.init("\(word)@", "at a position", isWhole: false)] + components(word)
  }

  /// `blocks.3.attn.hook_pattern`, one part at a time.
  private func hooks(_ word: String) -> [Completer.Candidate] {
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 2 else {
      return (0..<model.configuration.layers).map {
        .init("blocks.\($0).", "layer \($0)", isWhole: false)
      }
    }
    return Alias.hookNames.map { .init("blocks.\(parts[1]).\($0)", "tensor", isWhole: false) }
  }

  private func projections(_ head: String) -> [Completer.Candidate] {
    [("q", "query"), ("k", "key"), ("v", "value")].map { .init("\(head).\($0.0)", $0.1) }
  }

  private func components(_ layer: String) -> [Completer.Candidate] {
    [
      ("skip", "skip connection"), ("attn", "attention output"), ("mlp", "feed-forward output"),
      ("mlp_skip", "skip connection beside it"),
    ]
    .map { .init("\(layer).\($0.0)", $0.1) }
      + Site.Kind.allCases.filter(\.isPerLayer).map {
        .init("\(layer).\($0.rawValue)", "tensor", isWhole: false)
      }
  }
}
