import Language

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
    let encoded = try EncodedText(SentenceText(text: text, pair: arguments.string("pair")), model: model)
    warnOfLength([encoded], model, at: arguments.span)
    return encoded
  }
}
