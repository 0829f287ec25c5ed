import Transformers
import Language
import Measurement
import Results
import Scripting

struct ScoreCommand: BenchCommand {
  let name = "score"
  let group = CommandGroup.measure
  let summary = "log-likelihood of a text, or of the sentences of a task"
  let discussion = """
    Under a causal model the log-probabilities of the tokens add up, each given those before it, in nats; the first token has
    nothing before it and is not scored, unless the tokenizer puts one in front. `perplexity` is exp(-score per token).
    Under a masked one each token is masked in turn and the log-probabilities of the tokens in their places add up (Salazar et al. 2020), in
    nats. [CLS] and [SEP], and a [MASK] in the text, are not scored. within=l2r masks the later pieces of the same word
    too (Kauf and Ivanova 2023), so that the end of a long word does not give its beginning away. Of minimal pairs (BLiMP's
    .jsonl) both sentences are scored; a pair is right when the good one scores higher, a tie is wrong.
    file=PATH gets each row of a task as soon as it is finished.
    """
  let parameters: [Parameter] =
    [
      .optional(
        "text", .textOrTask, "a text, or a task of minimal pairs or plain text; default the current text"),
      .option("pair", .text, "the second text of a pair"), ScoringOptions.within,
    ] + TaskOptions.parameters + RowOptions.parameters
  let runsNetwork = true
  let example = #"""
    load "demo"
    score "the cat sat on the mat ."
    print score("the cats sleeps .").score < score("the cats sleep .").score
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    if model.isCausal { try arguments.refuse("within", because: "a causal model masks nothing") }
    try RowOptions.check(arguments, self)
    let masking = ScoringOptions.masking(arguments)
    if case .object(let object)? = arguments["text"]?.value, let task = (object as? TaskValue)?.task {
      try arguments.refuse("pair", because: "a task's rows are single sentences")
      let prepared = try bench.session.locating(arguments.span(of: "text")) {
        try bench.preparedSentences(task, arguments, model)
      }
      let job = MeasureJob(
        model: model, masking: masking, comparesIntact: false, bench: bench)
      let store = try bench.store(job.scoreForm(prepared), arguments)
      return try job.scores(prepared, at: arguments.span, store).map { .object($0) }
        ?? bench.shareValue(arguments)
    }
    try arguments.refuse(
      (TaskOptions.parameters + RowOptions.parameters).map(\.name), because: "only a task has rows")
    let text = try sentence(arguments, model, bench)
    return .record(try score(text, masking, model, bench, at: arguments.span))
  }

  private func sentence(
    _ arguments: Arguments, _ model: LoadedModel, _ bench: Bench
  ) throws -> EncodedText {
    if let argument = arguments["text"] {
      guard case .string = argument.value else {
        throw ValueFault.wrongType(
          expected: "a text or a task", found: argument.value.typeName, what: "`score`"
        ).located(argument.span)
      }
    }
    return try bench.text(arguments, model)
  }

  private func score(
    _ text: EncodedText, _ masking: PseudoLikelihood.Masking, _ model: LoadedModel,
    _ bench: Bench, at span: Span
  ) throws -> Record {
    guard model.hasLanguageHead else {
      throw ModelFault.headMissing(what: model.languageHeadTitle, model: model.name)
    }
    let probes = try model.probes(
      scoring: text, masking: masking, interventions: try bench.interventions(for: text, model))
    guard !probes.isEmpty else { throw TaskUseFault.noTokens(text.source.text) }
    let evaluator = Evaluator(
      model: try model.transformer, memoryBudget: bench.session.workingMemory,
      execution: bench.execution, check: bench.session.checkInterruption)
    let values = try evaluator.outcomes(probes).map(\.value)
    bench.warnUnlessFinite("log-probabilities", values, at: span)
    var logprobs = [Value](repeating: .null, count: text.count)
    let shift = model.isCausal ? 1 : 0
    for (probe, value) in zip(probes, values) { logprobs[probe.target + shift] = .number(value) }
    let score = values.reduce(0, +)
    var result: Record = [
      "tokens": .strings(text.encoding.tokens), "logprobs": .list(logprobs), "score": .number(score),
      "score_per_token": .number(score / Double(values.count)),
    ]
    if model.isCausal { result["perplexity"] = .number(perplexity(score, values.count)) }
    return result
  }
}
