import ExactText
import Language
import Results
import Scripting
import Tokenization

extension Bench {
  /// The current text in the tokens of `model`.
  func currentText(_ model: LoadedModel) throws -> EncodedText {
    guard let text = state.text else { throw TextFault.noText }
    return try EncodedText(text, model: model)
  }

  /// The text given as `text` (and `pair`), or the current one.
  func text(_ arguments: Arguments, _ model: LoadedModel) throws -> EncodedText {
    guard let text = arguments.string("text") else {
      if let pair = arguments["pair"] {
        throw CallFault.ignoredOption("pair", reason: "the first text of the pair is missing").located(
          pair.span)
      }
      return try currentText(model)
    }
    warnOfMask(in: text, model, at: arguments.span)
    let encoded = try EncodedText(SentenceText(text: text, pair: arguments.string("pair")), model: model)
    warnOfLength([encoded], model, at: arguments.span)
    return encoded
  }

  /// Says that `[MASK]` or `<mask>` in a text is no mask for this model.
  func warnOfMask(in text: String, _ model: LoadedModel, at span: Span?) {
    let own = model.tokenizer.id(.mask) == nil ? nil : model.tokenizer.specialTokens[.mask]
    guard let written = ["[MASK]", "<mask>"].first(where: { $0 != own && text.contains($0) }) else { return }
    if let own, text.contains(own) { return }
    session.warn(
      Diagnostic(
        .warning, code: "mask-is-text",
        own.map { "\(written) is plain text for model \(model.name), whose mask token is \($0)" }
          ?? "model \(model.name) has no mask token: \(written) is plain text for it", at: span,
        notes: [
          own.map { "write \($0) instead" }
            ?? (model.isCausal
              ? "end the text before it: the last token predicts the next word" : "leave it out")
        ]))
  }

  /// Positions of words: a list of numbers, a range or a single number.
  ///
  /// - Parameter most: how many there can be; a range may be astronomically long.
  func positions(_ argument: Arguments.Bound, most: Int) throws -> [Int] {
    switch argument.value {
    case .list(let elements): return try elements.map { try session.wholeNumber($0, at: argument.span) }
    case .range(let range):
      // Checked before it is spread.
      guard range.count <= most else {
        throw ValueFault.outOfBounds(range.count, minimum: 0, maximum: most, what: "the number of words")
          .located(argument.span)
      }
      return Array(range.lower..<range.upper)
    default: return [try session.wholeNumber(argument.value, at: argument.span)]
    }
  }
}
