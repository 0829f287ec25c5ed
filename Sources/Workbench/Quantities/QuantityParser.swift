import Transformers
import ExactText
import Faults
import Language
import Tokenization

/// Reads the argument of `qoi`: `is - are`, `2 * logprob[is]`, `label[positive] - label[0]`.
///
///     sum      = ["-"] term (("+" | "-") term)*
///     term     = [number "*"] readable
///     readable = ("logit" | "logprob" | "prob") "[" output "]" | ("logit" | "prob") "[" set "]" | output
///     set      = "{" member ("," member)* "}"
///     member   = output | digits ".." digits
///     output   = "label" "[" name or number "]" | "id" "[" number "]" | word
///
/// Signs that stand alone are operators. A word is anything up to a blank or a bracket, `##s` too, or a quoted string, in
/// which `\"`, `\\` and `\{` are the characters without the backslash. A set stands for the sum over its entries, each
/// once; `"33".."99"` are the entries of these two-digit numerals.
struct QuantityParser {
  private let model: LoadedModel
  private var tokens: ArraySlice<String>

  init(_ source: String, model: LoadedModel) {
    self.model = model
    tokens = QuantityWords.split(source)[...]
  }

  static func resolve(_ source: String, model: LoadedModel) throws -> QuantityOfInterest {
    var parser = QuantityParser(source, model: model)
    return try parser.sum()
  }

  private mutating func sum() throws -> QuantityOfInterest {
    var terms: [QuantityOfInterest.Term] = []
    var sets: [Range<Int>] = []
    func add(_ next: [QuantityOfInterest.Term], isSet: Bool) {
      if isSet { sets.append(terms.count..<terms.count + next.count) }
      terms += next
    }
    let first = try term(sign: accept("-") ? -1 : 1)
    add(first.terms, isSet: first.isSet)
    while let sign = tokens.first {
      guard sign == "+" || sign == "-" else {
        throw QuantityFault.quantitySyntax("`+` or `-`", found: "`\(sign)`")
      }
      tokens.removeFirst()
      let next = try term(sign: sign == "-" ? -1 : 1)
      add(next.terms, isSet: next.isSet)
    }
    let readsLabels = terms.map { if case .label = $0.output { true } else { false } }
    guard Set(readsLabels).count == 1 else { throw QuantityFault.mixedQuantity }
    try checkHead(readsLabels: readsLabels[0])
    let isMultiLabel = readsLabels[0] && model.configuration.problemType == .multiLabel
    return QuantityOfInterest(
      terms: terms, normalization: isMultiLabel ? .sigmoid : .softmax, sets: sets)
  }

  private func checkHead(readsLabels: Bool) throws {
    if readsLabels, !model.hasClassifier {
      throw ModelFault.headMissing(what: "classifier", model: model.name)
    }
    if !readsLabels, !model.hasLanguageHead {
      throw ModelFault.headMissing(what: model.languageHeadTitle, model: model.name)
    }
  }

  /// - Returns: of a set a term for each of its entries.
  private mutating func term(sign: Double) throws -> (terms: [QuantityOfInterest.Term], isSet: Bool) {
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
      if isSet, accept("{") {
        guard readout != .logProbability else { throw QuantityFault.logOfSet }
        let outputs = try set()
        try expect("]")
        return (outputs.map { .init(coefficient: coefficient, readout: readout, output: $0) }, true)
      }
      let output = try output()
      try expect("]")
      if case .label = output, readout != .logit, model.configuration.problemType == .regression {
        throw QuantityFault.noProbability(readout.rawValue, model: model.name)
      }
      return ([.init(coefficient: coefficient, readout: readout, output: output)], false)
    }
    return ([.init(coefficient: coefficient, readout: readout, output: try output())], false)
  }

  /// Whether a brace begins a set: `prob[{]` and `prob[{}]` read words.
  private var isSet: Bool {
    let next = tokens.dropFirst()
    return tokens.first == "{" && next.first != "]" && !(next.first == "}" && next.dropFirst().first == "]")
  }

  /// The entries behind `{`, each once, in the order in which they are named.
  private mutating func set() throws -> [QuantityOfInterest.Output] {
    var outputs: [QuantityOfInterest.Output] = []
    var seen: Set<QuantityOfInterest.Output> = []
    repeat {
      for output in try member() where seen.insert(output).inserted { outputs.append(output) }
    } while accept(",")
    try expect("}")
    return outputs
  }

  private mutating func member() throws -> [QuantityOfInterest.Output] {
    if let mark = tokens.first, mark == "," || mark == "}" || mark == ".." {
      throw QuantityFault.quantitySyntax("a word", found: "`\(mark)`")
    }
    guard tokens.dropFirst().first == "..", let lower = tokens.first else { return [try output()] }
    tokens.removeFirst(2)
    guard let upper = tokens.popFirst() else {
      throw QuantityFault.quantitySyntax("the end of the range", found: "the end")
    }
    guard let first = twoDigits(lower), let last = twoDigits(upper), first <= last else {
      throw QuantityFault.numeralRange("\(lower)..\(upper)")
    }
    return try (first...last).map {
      .token(try Self.tokenID(YearEntries.digits($0), continuing: false, model: model))
    }
  }

  /// nil for what is not two digits in quotes.
  private func twoDigits(_ word: String) -> Int? {
    let digits = unquoted(word)
    guard digits != word, digits.utf8.count == 2, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else {
      return nil
    }
    return Int(digits)
  }

  private static let signs = Set(names: ["+", "-", "*", "[", "]"])

  private mutating func output() throws -> QuantityOfInterest.Output {
    guard let word = tokens.first, !Self.signs.contains(Name(word)) else {
      throw QuantityFault.quantitySyntax("a word", found: tokens.first.map { "`\($0)`" } ?? "the end")
    }
    tokens.removeFirst()
    if word == "{", accept("}") { return .token(try token("{}")) }
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
}
