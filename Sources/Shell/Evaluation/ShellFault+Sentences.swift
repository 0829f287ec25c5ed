import Encoders
import Faults
import Scripting
import Tensors

/// The one place where the shell's faults become sentences.
extension ShellFault {
  var code: String { sentence.code }
  var message: String { sentence.message }
  var remedy: String? { sentence.remedy }

  private typealias Sentence = (code: String, message: String, remedy: String?)

  private var sentence: Sentence {
    sessionSentence ?? patternSentence ?? nodeSentence ?? nameSentence ?? valueSentence
      ?? ("internal", "undescribed fault \(self)", nil)
  }

  private var sessionSentence: Sentence? {
    switch self {
    case .noModel:
      ("no-model", "no model is loaded", "load one first, e.g. `load \"demo\"`")
    case .noText:
      ("no-text", "there is no current text", "set one with `text \"...\"` or give the text as an argument")
    case .noQuantity:
      ("no-qoi", "there is no quantity of interest", "set one, e.g. `qoi is - are`")
    case .unknownModel(let name, let loaded):
      (
        "unknown-model", "no loaded model is called `\(name)`",
        didYouMean(closest(to: name, in: loaded)) ?? list("loaded", loaded)
      )
    case .vocabularySize(let tokens, let rows):
      (
        "vocabulary-size",
        "vocabulary size mismatch: word embeddings have \(rows) rows, the vocabulary has \(tokens) entries",
        "the vocabulary must come from the same model as the weights"
      )
    case .headMissing(let what, let model): ("head-missing", "model \(model) has no \(what)", nil)
    case .memory(let needed, let budget): MemoryFault(needed: needed, budget: budget).sentence
    case .noMask(let length):
      (
        "no-mask", "the text has no [MASK]", "write [MASK] in the text or give position=0...\(length - 1)"
      )
    case .severalMasks(let positions):
      (
        "several-masks", "the text has \(positions.count) masks, at positions \(commas(positions))",
        "choose one with position=\(positions[0]), or at=\(positions[0]) of `qoi`"
      )
    case .noFlowTarget(let masks, let length):
      (
        "no-flow-target",
        masks.isEmpty
          ? "the text has no [MASK]" : "the text has \(masks.count) masks, at positions \(commas(masks))",
        masks.isEmpty
          ? "write [MASK] in the text or give at=0...\(length - 1)" : "choose one with at=\(masks[0])"
      )
    case .positionOutOfRange(let position, let length):
      (
        "position-range",
        "position \(position) is out of range 0...\(length - 1) (the text has \(length) tokens)",
        nil
      )
    default: nil
    }
  }

  private var patternSentence: Sentence? {
    switch self {
    case .noPatterns: ("no-patterns", "there is no pattern to draw", nil)
    case .mixedStructures(let count):
      (
        "mixed-structures", "\(count) of the sentences differ from the first in length or target",
        "draw sentences of one structure together"
      )
    case .severalKeptNodes:
      (
        "several-kept-nodes", "a drawing shows one node a layer, these patterns keep several",
        "leave out keep=N"
      )
    case .notAWordOfText(let word, let tokens):
      (
        "not-in-text", "`\(word)` is no token of the text",
        didYouMean(closest(to: word, in: tokens))
          ?? "a pattern begins with a token or a position: `the -> L0@2`, `1 -> L0@2`"
      )
    case .severalWords(let word, let positions):
      (
        "several-words", "`\(word)` is at positions \(commas(positions))",
        "begin with the position: `\(positions[0]) -> ...`"
      )
    case .patternNode(let text):
      (
        "pattern-node", "`\(text)` is no node of a pattern",
        "a node is L3@7 (hidden state), L3H5@7 (head) or L3.skip@7, each with one position"
      )
    default: nil
    }
  }

  private var nodeSentence: Sentence? {
    switch self {
    case .outOfRange(let what, let number, let count, let model):
      (
        "\(what)-range",
        "\(what) \(number) is out of range 0...\(count - 1) (model \(model) has \(count) \(what)s)",
        nil
      )
    case .unknownComponent(let name, let suggestion):
      (
        "unknown-tensor", "a layer has no tensor or node `\(name)`",
        didYouMean(suggestion) ?? "see `help nodes`"
      )
    case .misplacedPart(let part, let text):
      ("bad-node", "`\(part)` does not fit in `\(text)`", "see `help nodes`")
    case .severalNodes(let count, let verb):
      (
        "several-nodes", "`\(verb)` takes one node here, this names \(count)",
        verb == "save"
          ? "give each node a field of its own, or save the heads of a layer as a tensor: L3.z" : nil
      )
    case .notANode(let found): ("not-a-node", "expected a node or tensor, found \(found)", "see `help nodes`")
    case .ambiguousAlias(let alias, let choices):
      (
        "ambiguous-alias", "`\(alias)` means different tensors in different libraries",
        "write \(choices.map { "`\($0)`" }.joined(separator: " or "))"
      )
    case .patternOrder(let node):
      (
        "pattern-order", "`\(node)` does not come after the node before it",
        "nodes follow in the order of the layers, one hidden state and one head or skip connection a layer"
      )
    case .staleNode(let name):
      ("stale-node", "\(name) is out of range for the current model and text", nil)
    case .notAMatrix(let name, let shape):
      (
        "not-a-matrix", "\(name) has shape \(shape); a heat map needs two dimensions",
        "index it, e.g. `heatmap L2.pattern[5]`"
      )
    default: nil
    }
  }

  private var nameSentence: Sentence? {
    switch self {
    case .quantityWithoutBlanks(let word, let spaced):
      (
        "not-one-token", "\"\(word)\" is not one vocabulary entry",
        "operators stand between blanks: `\(spaced)`"
      )
    case .notOneToken(let word, let pieces, let suggestion):
      (
        "not-one-token",
        "\"\(word)\" is not one vocabulary entry; its pieces are \(pieces.joined(separator: " "))",
        didYouMean(suggestion) ?? "choose a word that is one entry"
      )
    case .unknownLabel(let label, let labels):
      ("unknown-label", "the classifier has no label `\(label)`", list("labels", labels))
    case .quantitySyntax(let expected, let found):
      (
        "qoi-syntax", "in the quantity of interest: expected \(expected), found \(found)",
        "e.g. `qoi is - are`, `qoi logprob[is]`, `qoi label[1] - label[0]`"
      )
    case .mixedQuantity:
      ("qoi-mixed", "a quantity of interest reads words or labels, not both", nil)
    case .unknownName(let name, let suggestion):
      ("unknown-name", "nothing is called `\(name)`", didYouMean(suggestion))
    case .unknownCommand(let name, let suggestion):
      ("unknown-command", "no command or function is called `\(name)`", didYouMean(suggestion))
    case .notAFunction(let name, let type):
      ("not-a-function", "`\(name)` is \(withArticle(type)), not a function", nil)
    case .functionAsValue(let name):
      ("function-as-value", "`\(name)` is a function, not a value", "write `\(name)(...)`")
    case .unknownField(let name, let type, let known):
      (
        "unknown-field", "\(withArticle(type)) has no field `\(name)`",
        didYouMean(closest(to: name, in: known)) ?? list("fields", known)
      )
    case .unknownOption(let name, let command, let known):
      (
        "unknown-option", "`\(command)` has no option `\(name)`",
        didYouMean(closest(to: name, in: known)) ?? list("options", known)
      )
    case .notAChoice(let found, let choices, let parameter):
      (
        "bad-choice", "`\(parameter)` is one of \(choices.joined(separator: ", ")), not `\(found)`",
        didYouMean(closest(to: found, in: choices))
      )
    case .missingArgument(let name, let synopsis):
      ("missing-argument", "\(name.uppercased()) is missing", "usage: \(synopsis)")
    case .missingParameter(let name, let synopsis):
      ("missing-argument", "`\(name)` is missing", "usage: \(synopsis)")
    case .tooManyArguments(let synopsis): ("too-many-arguments", "too many arguments", "usage: \(synopsis)")
    case .repeatedArgument(let name): ("repeated-argument", "`\(name)` is given twice", nil)
    case .unknownSetting(let name, let known):
      (
        "unknown-setting", "there is no setting `\(name)`",
        didYouMean(closest(to: name, in: known)) ?? list("settings", known)
      )
    case .badSetting(let name, let value, let expected):
      ("bad-setting", "`\(name)` expects \(expected), found `\(value)`", nil)
    case .unknownTopic(let name, let suggestion):
      (
        "unknown-topic", "there is no help on `\(name)`",
        didYouMean(suggestion) ?? "`help` lists what there is"
      )
    default: nil
    }
  }

  private var valueSentence: Sentence? {
    switch self {
    case .wrongType(let expected, let found, let what):
      ("wrong-type", "\(what) expects \(expected), found \(found)", nil)
    case .notWhole(let number, let what):
      ("not-whole", "\(what) expects a whole number, found \(number)", nil)
    case .outOfBounds(let number, let minimum, let maximum, let what):
      number < minimum
        ? ("below-minimum", "\(what) is at least \(minimum), found \(number)", nil)
        : ("above-maximum", "\(what) is at most \(maximum), found \(number)", nil)
    case .tooDeeplyNested(let limit):
      ("nested-too-deeply", "lists and records nest at most \(limit) deep", nil)
    case .ignoredOption(let name, let reason): ("ignored-option", "`\(name)` does not apply: \(reason)", nil)
    case .factorOutOfRange(let text): ("factor-range", "\(text) is not between -1000000 and 1000000", nil)
    case .badOperands(let symbol, let left, let right):
      ("bad-operands", "`\(symbol)` cannot combine \(left) and \(right)", nil)
    case .divisionByZero: ("division-by-zero", "division by zero", nil)
    case .indexOutOfRange(let index, let count):
      (
        "index-range",
        count == 0 ? "index \(index) into an empty list" : "index \(index) is out of range 0...\(count - 1)",
        nil
      )
    case .tooManyElements(let limit): ("too-many-elements", "a list has at most \(limit) elements", nil)
    case .tooManyNested(let limit):
      (
        "too-many-elements", "a list or record holds at most \(limit) values, those in its elements included",
        nil
      )
    case .textTooLong(let limit):
      ("text-too-long", "a string has at most \(ByteSize.text(limit)) of text", nil)
    case .tooManyTurns(let limit):
      (
        "too-many-turns", "the loop has not ended after \(limit) turns",
        "`set max_turns N` allows more, if it is to go on"
      )
    case .unendingRange: ("unending-range", "a range needs finite ends and a step other than 0", nil)
    case .raggedTensor(let first, let odd):
      (
        "ragged-tensor",
        "the lists have different lengths: parts of shape \(first.asShape) and \(odd.asShape)", nil
      )
    case .unevenRows(let row):
      ("uneven-rows", "row \(row) has other fields than row 0", "give every record the same fields")
    case .emptyText(let what): ("empty-text", "`\(what)` must not be empty", nil)
    case .notANumber(let text): ("not-a-number", "\(text.debugDescription) spells no number", nil)
    case .assertionFailed(let condition, let message, let values):
      ("assertion-failed", "assertion failed: \(message ?? condition)", values)
    case .callsTooDeep(let limit):
      (
        "recursion-limit", "functions call each other more than \(limit) deep",
        "let the recursion end earlier, or use a loop"
      )
    case .stackExhausted:
      (
        "recursion-limit", "calls and expressions are nested too deep for the stack",
        "let the recursion end earlier, or use a loop"
      )
    case .noResult: ("no-result", "there is no result yet", nil)
    case .unreadable(let path, let reason): ("unreadable", "\(path): \(reason)", nil)
    case .malformed(let text): ("malformed", text, nil)
    case .notUTF8(let path, let offset): ("not-utf8", "\(path): not UTF-8 text (byte \(offset))", nil)
    case .sourceCycle(let path): ("source-cycle", "\(path) is already being sourced", nil)
    case .tooDeep(let limit): ("too-deep", "sources nest deeper than \(limit)", nil)
    case .outputFailed(let reason): ("output", "cannot write the result: \(reason)", nil)
    case .outputIncomplete(let path, let partial, let reason):
      (
        "output", "cannot write the results to \(path): \(reason)",
        "`output` has ended and \(path) is as it was; what was written is in \(partial)"
      )
    default: nil
    }
  }

  private func didYouMean(_ name: String?) -> String? { name.map { "did you mean `\($0)`?" } }

  private func list(_ what: String, _ names: [String]) -> String? {
    names.isEmpty ? nil : "\(what): \(names.joined(separator: ", "))"
  }

  private func commas(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
}

extension Diagnostic {
  /// The same fault at another place.
  func moved(to span: Span) -> Diagnostic {
    Diagnostic(severity, code: code, message, at: span, notes: notes)
  }
}

extension MemoryFault {
  fileprivate var sentence: (code: String, message: String, remedy: String?) { (code, message, remedy) }
}
