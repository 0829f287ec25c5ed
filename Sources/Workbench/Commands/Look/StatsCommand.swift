import Language
import Results

struct StatsCommand: BenchCommand {
  let name = "stats"
  let group = CommandGroup.look
  let summary = "shape, extremes, mean, deviation and the count of NaN and infinity of a tensor"
  let discussion = "Minimum, maximum, mean and (population) standard deviation are over the finite values."
  let parameters: [Parameter] = [.required("tensor", .node, "as for `show`")]
  let example = #"""
    load "demo"
    text "paris [MASK] the capital of france ."
    stats L5.resid_post
    stats weight("bert.embeddings.word_embeddings.weight")
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard let argument = arguments["tensor"] else { return .null }
    let statistics = try bench.tensor(argument, verb: name).statistics()
    return .record([
      "name": .string(argument.span.text),
      "shape": .numbers(statistics.shape),
      "count": Value(statistics.count),
      "min": statistics.min.map { Value($0) } ?? .null,
      "max": statistics.max.map { Value($0) } ?? .null,
      "mean": statistics.mean.map(Value.number) ?? .null,
      "std": statistics.standardDeviation.map(Value.number) ?? .null,
      "nan": Value(statistics.nanCount),
      "infinite": Value(statistics.infinityCount),
    ])
  }
}
