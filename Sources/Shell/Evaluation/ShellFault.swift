import Faults
import Scripting

/// What can go wrong between a script and the engine.
enum ShellFault: Fault {
  // Session
  case noModel
  case noText
  case noQuantity
  case unknownModel(String, loaded: [String])
  case vocabularySize(tokens: Int, rows: Int)
  case headMissing(what: String, model: String)
  case memory(needed: Int, budget: Int)
  // Positions and outputs
  case noMask(length: Int)
  case severalMasks([Int])
  case noFlowTarget(masks: [Int], length: Int)
  case positionOutOfRange(Int, length: Int)
  case quantityWithoutBlanks(word: String, spaced: String)
  case notOneToken(word: String, pieces: [String], suggestion: String?)
  case unknownLabel(String, labels: [String])
  /// The name of one class and the number of another, which is called `other`.
  case ambiguousLabel(String, named: Int, numbered: Int, other: String)
  /// Of a regression.
  case noProbability(String, model: String)
  case quantitySyntax(String, found: String)
  case mixedQuantity
  // Patterns
  case noPatterns
  case mixedStructures(Int)
  case severalKeptNodes
  case notAWordOfText(String, tokens: [String])
  case severalWords(String, positions: [Int])
  case patternNode(String)
  // Nodes
  case outOfRange(what: String, number: Int, count: Int, model: String)
  case unknownComponent(String, suggestion: String?)
  case misplacedPart(String, in: String)
  case severalNodes(Int, verb: String)
  case notANode(String)
  case ambiguousAlias(String, choices: [String])
  case notAMatrix(name: String, shape: [Int])
  // Names and types
  case unknownName(String, suggestion: String?)
  case unknownCommand(String, suggestion: String?)
  case notAFunction(String, type: String)
  case functionAsValue(String)
  case unknownField(String, of: String, known: [String])
  case unknownOption(String, command: String, known: [String])
  case notAChoice(String, of: [String], parameter: String)
  case missingArgument(String, synopsis: String)
  /// Of a script's function, whose parameters are written as they are.
  case missingParameter(String, synopsis: String)
  case tooManyArguments(synopsis: String)
  case repeatedArgument(String)
  case wrongType(expected: String, found: String, what: String)
  case notWhole(String, what: String)
  case outOfBounds(Int, minimum: Int, maximum: Int, what: String)
  case badOperands(String, String, String)
  case divisionByZero
  case indexOutOfRange(Int, count: Int)
  case tooDeeplyNested(limit: Int)
  case ignoredOption(String, reason: String)
  case factorOutOfRange(String)
  case patternOrder(String)
  case staleNode(String)
  case unknownSetting(String, known: [String])
  case badSetting(String, value: String, expected: String)
  case unknownTopic(String, suggestion: String?)
  case tooManyElements(limit: Int)
  case tooManyNested(limit: Int)
  case textTooLong(limit: Int)
  case tooManyTurns(limit: Int)
  case unendingRange
  case raggedTensor([Int], [Int])
  case unevenRows(row: Int)
  case emptyText(what: String)
  case notANumber(String)
  case noResult
  case assertionFailed(String, message: String?, values: String?)
  // Files
  case unreadable(path: String, reason: String)
  case malformed(String)
  case notUTF8(path: String, offset: Int)
  case sourceCycle(path: String)
  case tooDeep(limit: Int)
  case callsTooDeep(limit: Int)
  case stackExhausted
  case outputFailed(reason: String)
  case outputIncomplete(path: String, partial: String, reason: String)
}

extension Fault {
  /// The fault with the place where the script caused it.
  func located(_ span: Span) -> Diagnostic {
    Diagnostic(code: code, message, at: span, notes: remedy.map { [$0] } ?? [])
  }
}
