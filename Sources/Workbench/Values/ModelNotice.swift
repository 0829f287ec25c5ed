import Transformers
import ExactText
import Language
import Scripting

/// What the user should know about a model that loads.
package enum ModelNotice: Sendable, Equatable {
  /// The head that a checkpoint of this architecture is for.
  case headNotComputed(architecture: String, tensors: String)
  /// Nothing says what the classifier judges.
  case classifierAssumed
  /// No file says whether texts are lower-cased.
  case lowercased(unreachable: Int, of: Int)
  case adapterNotApplied
  case noTokenizer

  private var sentence: (code: String, message: String, remedy: String?) {
    switch self {
    case .headNotComputed(let architecture, let tensors):
      (
        "head-not-computed",
        "config.json names \(architecture), whose head (\(tensors)) is not computed: it is loaded without it",
        nil
      )
    case .classifierAssumed:
      (
        "classifier-assumed",
        "config.json names no architectures: classifier.* is taken for a classifier of texts, not of tokens",
        nil
      )
    case .lowercased(let unreachable, let all):
      (
        "lower-case-assumed",
        "no file says do_lower_case: texts are lower-cased, so that \(unreachable) of \(all) entries can never occur",
        "if the model is cased, put {\"do_lower_case\": false} into tokenizer_config.json"
      )
    case .adapterNotApplied:
      ("adapter-not-applied", "the adapter that adapter_config.json describes is not applied", nil)
    case .noTokenizer:
      (
        "no-tokenizer", "the folder has no file of a tokenizer",
        "give texts by `text ids=[...]` and entries as id[N], or put tokenizer.json into the folder"
      )
    }
  }

  func diagnostic(of model: LoadedModel, at span: Span?) -> Diagnostic {
    let (code, message, remedy) = sentence
    return Diagnostic(
      .warning, code: code, "\(model.folder.path): \(message)", at: span, notes: remedy.map { [$0] } ?? [])
  }
}

extension LoadedModel {
  /// In the order in which they are told.
  ///
  /// - Throws: ``Interrupted``.
  func notices() throws -> [ModelNotice] {
    var notices = configuration.architectures.compactMap { architecture in
      architecture.uncomputedHead.map {
        ModelNotice.headNotComputed(architecture: architecture.name, tensors: $0)
      }
    }
    if configuration.architectures.isEmpty, hasClassifier { notices.append(.classifierAssumed) }
    let unreachable = tokenizer.options.assumesLowercase ? try tokenizer.unreachableEntries() : 0
    if unreachable > 0 {
      notices.append(.lowercased(unreachable: unreachable, of: tokenizer.vocabulary.count))
    }
    if !tokenizer.hasVocabulary { notices.append(.noTokenizer) }
    if hasAdapter { notices.append(.adapterNotApplied) }
    return notices
  }
}

extension Bench {
  /// Says that transformers, where it is asked to cut texts, would cut some of these.
  func warnOfLength(_ texts: [EncodedText], _ model: LoadedModel, at span: Span?) {
    guard let usual = model.tokenizer.options.usualLength else { return }
    let lengths = texts.map(\.count).filter { $0 > usual }
    guard let longest = lengths.max() else { return }
    let what =
      texts.count == 1
      ? "the text has \(longest) tokens"
      : "\(lengths.count) of \(texts.count) texts have up to \(longest) tokens"
    session.warn(
      Diagnostic(
        .warning, code: "text-beyond-usual-length",
        "\(what), more than the \(usual) that model_max_length of tokenizer_config.json says; "
          + "computed as a whole, since the model has \(model.configuration.maxPositions) positions",
        at: span))
  }
}
