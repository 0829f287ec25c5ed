import Transformers
import ExactText
import Faults
import Language
import Rendering
import Tokenization

/// Reads the argument of `qoi`: `is - are`, `2 * logprob[is]`, `label[positive] - label[0]`.
///
///     sum      = ["-"] term (("+" | "-") term)*
///     term     = [number "*"] readable
///     readable = ("logit" | "logprob" | "prob") "[" output "]" | output
///     output   = "label" "[" name or number "]" | "id" "[" number "]" | word
///
/// Signs that stand alone are operators. A word is anything up to a blank or a bracket, `##s` too, or a quoted string, in
/// which `\"`, `\\` and `\{` are the characters without the backslash.
struct QuantityParser {
  private let model: LoadedModel
  private var tokens: ArraySlice<String>

  init(_ source: String, model: LoadedModel) {
    self.model = model
    tokens = Self.split(source)[...]
  }

  static func resolve(_ source: String, model: LoadedModel) throws -> QuantityOfInterest {
    var parser = QuantityParser(source, model: model)
    return try parser.sum()
  }

  private mutating func sum() throws -> QuantityOfInterest {
    var terms = [try term(sign: accept("-") ? -1 : 1)]
    while let sign = tokens.first {
      guard sign == "+" || sign == "-" else {
        throw QuantityFault.quantitySyntax("`+` or `-`", found: "`\(sign)`")
      }
      tokens.removeFirst()
      terms.append(try term(sign: sign == "-" ? -1 : 1))
    }
    let readsLabels = terms.map { if case .label = $0.output { true } else { false } }
    guard Set(readsLabels).count == 1 else { throw QuantityFault.mixedQuantity }
    try checkHead(readsLabels: readsLabels[0])
    let isMultiLabel = readsLabels[0] && model.configuration.problemType == .multiLabel
    return QuantityOfInterest(terms: terms, normalization: isMultiLabel ? .sigmoid : .softmax)
  }

  private func checkHead(readsLabels: Bool) throws {
    if readsLabels, !model.transformer.hasClassifier {
      throw ModelFault.headMissing(what: "classifier", model: model.name)
    }
    if !readsLabels, !model.transformer.hasLanguageHead {
      throw ModelFault.headMissing(what: model.languageHeadTitle, model: model.name)
    }
  }

  private mutating func term(sign: Double) throws -> QuantityOfInterest.Term {
    var coefficient = sign
    if tokens.count > 1, tokens.dropFirst().first == "*", let first = tokens.first {
      guard let factor = Double(first) else {
        throw QuantityFault.quantitySyntax("a number before `*`", found: "`\(first)`")
      }
      guard abs(factor) <= 1e6 else { throw QuantityFault.factorOutOfRange("the factor \(first)") }
      coefficient *= factor
      tokens.removeFirst(2)
    }
    var readout = QuantityOfInterest.Readout.logit
    let isBracketed = tokens.dropFirst().first == "["
    if isBracketed, let named = tokens.first.flatMap(QuantityOfInterest.Readout.init(named:)) {
      readout = named
      tokens.removeFirst(2)
      let output = try output()
      try expect("]")
      if case .label = output, readout != .logit, model.configuration.problemType == .regression {
        throw QuantityFault.noProbability(readout.rawValue, model: model.name)
      }
      return .init(coefficient: coefficient, readout: readout, output: output)
    }
    return .init(coefficient: coefficient, readout: readout, output: try output())
  }

  private mutating func output() throws -> QuantityOfInterest.Output {
    guard let word = tokens.first, !["+", "-", "*", "[", "]"].contains(word) else {
      throw QuantityFault.quantitySyntax("a word", found: tokens.first.map { "`\($0)`" } ?? "the end")
    }
    tokens.removeFirst()
    if word == "id", accept("[") { return .token(try numberedEntry()) }
    guard word == "label", accept("[") else { return .token(try token(word)) }
    guard let name = tokens.popFirst() else {
      throw QuantityFault.quantitySyntax("a label", found: "the end")
    }
    try expect("]")
    let isQuoted = unquoted(name) != name
    return .label(try Self.labelIndex(unquoted(name), isName: isQuoted, model: model))
  }

  /// The number and the bracket of `id[122]`.
  private mutating func numberedEntry() throws -> Int {
    guard let text = tokens.popFirst() else {
      throw QuantityFault.quantitySyntax("a number", found: "the end")
    }
    let id = try Self.entry(numbered: text, model: model)
    try expect("]")
    return id
  }

  static func entry(numbered text: String, model: LoadedModel) throws -> Int {
    guard let id = Int(text), id >= 0 else {
      throw QuantityFault.quantitySyntax("the number of an entry", found: "`\(text)`")
    }
    guard id < model.configuration.vocabulary else {
      throw TextFault.idOutOfRange(id, entries: model.configuration.vocabulary)
    }
    return id
  }

  /// A bare word continues a sentence; a quoted one is taken as written. `is-are` is no word, and hardly meant to be one.
  private func token(_ word: String) throws -> Int {
    let isBare = word == unquoted(word)
    do {
      return try Self.tokenID(unquoted(word), continuing: isBare, model: model)
    } catch QuantityFault.notOneToken(
      _, let pieces, _)
      where word == unquoted(word) && pieces.contains(where: { ["+", "-", "*"].contains($0) })
    {
      throw QuantityFault.quantityWithoutBlanks(word: word, spaced: pieces.joined(separator: " "))
    }
  }

  /// The entry of a word.
  ///
  /// - Parameter continuing: whether a blank stands before it, in vocabularies whose entries carry it
  static func tokenID(_ word: String, continuing: Bool = true, model: LoadedModel) throws -> Int {
    guard model.tokenizer.hasVocabulary else { throw ModelFault.noTokenizer(model: model.name) }
    do {
      return Int(try model.tokenizer.entry(word, continuing: continuing))
    } catch TokenizationFault.notOneEntry(_, let pieces) {
      let beginning = model.tokenizer.marksBlanks ? pieces.first ?? "" : String(word.prefix(1))
      let candidates = model.tokenizer.vocabulary.tokens(withPrefix: beginning, limit: .max)
      throw QuantityFault.notOneToken(
        word: word, pieces: pieces,
        suggestion: model.tokenizer.marksBlanks ? nil : closest(to: word, in: candidates))
    }
  }

  /// The class that is called `name`, or whose number that is.
  ///
  /// - Parameter isName: The name counts first, as it does in quotes; otherwise a name of one class that is the number of
  ///   another is a fault.
  static func labelIndex(_ name: String, isName: Bool = false, model: LoadedModel) throws -> Int {
    let labels = model.configuration.labels
    let named = labels.firstIndex(of: name)
    let numbered = Int(name).flatMap { labels.indices.contains($0) ? $0 : nil }
    if let named, let numbered, named != numbered, !isName {
      throw QuantityFault.ambiguousLabel(name, named: named, numbered: numbered, other: labels[numbered])
    }
    if let index = named ?? numbered { return index }
    throw QuantityFault.unknownLabel(name, labels: labels.enumerated().map { "\($0.offset) \($0.element)" })
  }

  private mutating func accept(_ text: String) -> Bool {
    guard tokens.first == text else { return false }
    tokens.removeFirst()
    return true
  }

  private mutating func expect(_ text: String) throws {
    guard accept(text) else {
      throw QuantityFault.quantitySyntax("`\(text)`", found: tokens.first.map { "`\($0)`" } ?? "the end")
    }
  }

  private func unquoted(_ word: String) -> String {
    guard word.count >= 2, word.hasPrefix("\""), word.hasSuffix("\"") else { return word }
    var text = ""
    var isEscaped = false
    for character in word.dropFirst().dropLast() {
      isEscaped = !isEscaped && character == "\\"
      if !isEscaped { text.append(character) }
    }
    return text
  }

  /// Blank-separated words; brackets stand alone except where they begin a word (`[MASK]`); quotes hold blanks.
  private static func split(_ source: String) -> [String] {
    var tokens: [String] = []
    var word = ""
    var isQuoted = false
    func flush() {
      if !word.isEmpty { tokens.append(word) }
      word = ""
    }
    var isSpecial = false
    var isEscaped = false
    for character in source {
      if character == "\"", !isEscaped { isQuoted.toggle() }
      isEscaped = isQuoted && !isEscaped && character == "\\"
      if isQuoted || character == "\"" {
        word.append(character)
      } else if character.isWhitespace {
        flush()
        isSpecial = false
      } else if character == "[" && word.isEmpty && tokens.last != "label" && tokens.last != "id"
        && !readers.contains(tokens.last ?? "")
      {
        word.append(character)
        isSpecial = true
      } else if character == "]" && isSpecial {
        word.append(character)
        isSpecial = false
        flush()
      } else if character == "[" || character == "]" {
        flush()
        tokens.append(String(character))
      } else {
        word.append(character)
      }
    }
    flush()
    return tokens
  }

  private static let readers = Set(names: QuantityOfInterest.Readout.allCases.map(\.rawValue))
}

extension QuantityOfInterest {
  /// As ``QuantityParser`` reads it, every entry as the vocabulary spells it: tells which entries words were taken for.
  func text(_ model: LoadedModel) -> String {
    terms.enumerated().map { index, term in
      let output =
        switch term.output {
        case .token(let id): model.tokenizer.vocabulary.name(of: id)
        case .label(let label): "label[\(model.configuration.labels[label])]"
        }
      let factor = abs(term.coefficient) == 1 ? "" : "\(formatNumber(abs(term.coefficient))) * "
      let sign = term.coefficient < 0 ? (index == 0 ? "-" : " - ") : (index == 0 ? "" : " + ")
      return "\(sign)\(factor)\(term.readout.rawValue)[\(output)]"
    }.joined()
  }
}
