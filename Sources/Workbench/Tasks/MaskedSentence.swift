import ExactText
import Tokenization

/// A sentence of a task with its [MASK], or a prefix that a word is to follow, as different models take it.
struct MaskedSentence {
  private let before: String
  /// nil for a prefix.
  private let after: String?
  /// Whether a blank stands before the word that is asked for.
  let hasBlank: Bool

  init(_ sentence: String) {
    let parts = sentence.split(separator: "[MASK]", maxSplits: 1, omittingEmptySubsequences: false)
    after = parts.count == 2 ? String(parts[1]) : nil
    var prefix = String(parts[0])
    let isSpaced = prefix.last?.isWhitespace ?? false
    // A word follows a prefix by a blank, which belongs to the word; so does one before a mask.
    hasBlank = after == nil || isSpaced || prefix.isEmpty
    while prefix.last?.isWhitespace ?? false { prefix.removeLast() }
    before = prefix
  }

  var isPrefix: Bool { after == nil }

  /// With the mask token of the model; for a causal model what stands before the mask.
  func text(for model: LoadedModel) -> String {
    guard let after, !model.isCausal else { return before }
    let mask = model.tokenizer.specialTokens[.mask] ?? "[MASK]"
    return before + (hasBlank && !before.isEmpty ? " " : "") + mask + after
  }
}
