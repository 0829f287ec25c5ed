import Faults
import Language
import Results
import Tensors
import Tokenization
import Transformers

/// Continues one text, and shows it as it comes.
final class GenerateJob {
  private let model: LoadedModel
  private let text: EncodedText
  private let limit: Int
  private let choice: TokenChoice
  private let bench: Bench
  private let ends: Set<Int32>
  private let seed: Int
  private var tokens: [Generation.Token] = []
  private var continued: ContinuedText

  init(
    model: LoadedModel, text: EncodedText, limit: Int, choice: TokenChoice, _ bench: Bench
  ) throws {
    (self.model, self.text, self.limit) = (model, text, limit)
    (self.choice, self.bench) = (choice, bench)
    ends = try model.folder.endTokens()
    seed = choice == .greedy ? 0 : bench.session.settings.seed
    continued = ContinuedText(behind: text.encoding.ids, model.tokenizer)
  }

  /// Tokens that are run in the end.
  private var tokensRun: Int { Generation.tokensRun(text.count, adding: limit, in: model.configuration) }

  /// - Parameter command: that shows the text.
  func run(for command: String) throws -> GeneratedText {
    let isStreamed = bench.session.beginStream(of: command)
    defer {
      bench.session.endStream()
      bench.session.clearProgress()
    }
    let ending = try bench.keepingPart(of: command) {
      let ending = try bench.execution.perform(try plan(isStreamed: isStreamed))
      if bench.session.dryRun != nil { tokens = stand }
      try bench.session.stream(continued.end())
      return ending
    } finished: {
      // The user's wish to stop has been heard; it does not stop what is left of the text.
      guard !tokens.isEmpty, let part = try? Interruption.asking({}, { try result("interrupted") })
      else { return nil }
      return (.object(part), "\(tokens.count) of \(most) tokens")
    }
    return try result(ending.rawValue)
  }

  private func plan(isStreamed: Bool) throws -> Plan<Generation.Ending> {
    let generation = Generation(
      model: try model.transformer, ids: text.encoding.ids, limit: limit, choice: choice, seed: seed,
      ends: ends,
      interventions: try bench.interventions(for: text, growingTo: tokensRun, model),
      memoryBudget: bench.session.workingMemory, check: bench.session.checkInterruption)
    return try generation.plan { [self] token in
      tokens.append(token)
      if !ends.contains(token.id) { try bench.session.stream(continued.append(token.id)) }
      if !isStreamed { bench.session.showProgress("generate", done: Double(tokens.count), of: most) }
    }
  }

  /// Tokens at most.
  private var most: Int { min(limit, tokensRun - text.count + 1) }

  /// While a script is checked.
  private var stand: [Generation.Token] {
    Array(repeating: Generation.Token(id: 0, probability: 0), count: most)
  }

  private func result(_ stopped: String) throws -> GeneratedText {
    let own = text.encoding.ids
    let spoken = tokens.map(\.id).filter { !ends.contains($0) }
    return GeneratedText(
      prompt: text.source.ids == nil ? text.source.text : nil, length: text.count, tokens: tokens,
      names: tokens.map { model.tokenizer.vocabulary.name(of: Int($0.id)) },
      text: try ContinuedText.addition(to: own, own + spoken, model.tokenizer), stopped: stopped,
      choice: choice, seed: seed, interventions: bench.state.interventions.descriptions(on: model))
  }
}
