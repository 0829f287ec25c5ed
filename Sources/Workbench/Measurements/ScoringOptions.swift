import ExactText
import Language
import Measurement

/// Options of the verbs that score sentences.
enum ScoringOptions {
  static let within = Parameter.option(
    "within", .word(["token", "l2r"]),
    "l2r: mask the later pieces of a word with each of its pieces; default token, the piece alone")

  static func masking(_ arguments: Arguments) -> PseudoLikelihood.Masking {
    arguments.string("within") == "l2r" ? .leftToRight : .token
  }

  /// Refuses `within` for a task whose sentences are not scored.
  static func check(_ arguments: Arguments, _ task: MeasurementTask) throws {
    guard let argument = arguments["within"], task.kind != .pairs, task.kind != .text else { return }
    throw CallFault.ignoredOption(
      "within", reason: "\(task.name) holds \(task.kind.noun), which are not scored"
    )
    .located(argument.span)
  }
}
