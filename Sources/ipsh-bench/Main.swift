import Transformers
import SystemCalls
import Tensors

/// Times forward passes of a random model, one for each line on standard input.
///
/// Prints a line about the kernels first, then the seconds of each pass.
@main
struct Bench {
  static func main() throws {
    KernelSelection.restartWithFasterKernels()
    let (sizes, folder) = try options(CommandLine.arguments.dropFirst())
    if let threads = sizes["threads"] { BLAS.threads = threads }
    switch (CommandLine.arguments.dropFirst().first, folder) {
    case ("patterns", _): return try PatternsBenchmark(sizes, folder: folder).run()
    case ("weights", let folder?): try WeightsBenchmark(folder: folder).run()
    case ("tokenizer", let folder?): return try TokenizerBenchmark(folder: folder).run()
    case ("sweep", let folder?): return try SweepBenchmark(sizes, folder: folder).run()
    default: try forward(sizes)
    }
  }

  /// Sizes and the model's folder, behind the name of a benchmark if there is one.
  private static func options(_ arguments: ArraySlice<String>) throws -> (Sizes, folder: String?) {
    let options = arguments.drop { !$0.contains("=") }
    let folder = options.first { $0.hasPrefix("folder=") }.map { String($0.dropFirst("folder=".count)) }
    return (try Sizes(options.filter { !$0.hasPrefix("folder=") }), folder)
  }

  private static func forward(_ sizes: Sizes) throws {
    let configuration = TransformerConfiguration(
      layers: sizes["layers"] ?? 12, hidden: sizes["hidden"] ?? 768, heads: sizes["heads"] ?? 12,
      intermediate: sizes["intermediate"] ?? 3072)
    let model = try Transformer.random(
      configuration: configuration, seed: 1, words: false, classifier: false)
    let batch = randomBatch(rows: sizes["rows"] ?? 50, length: sizes["length"] ?? 11, configuration)
    let last = Site(.residPost, layer: configuration.layers - 1)
    printLine("\(BLAS.version()), \(BLAS.coreName) kernels, \(BLAS.threads) threads")
    while readLine() != nil {
      let duration = try ContinuousClock().measure {
        _ = try model.forward(batch, ForwardRequest(capture: [last]), check: {})
      }
      printLine("\(duration / .seconds(1))")
    }
  }

  private static func randomBatch(
    rows: Int, length: Int, _ configuration: TransformerConfiguration
  ) -> TokenBatch {
    let ids = (0..<rows * length).map { Int32($0 * 7919 % configuration.vocabulary) }
    return TokenBatch(
      ids: ids, types: Array(repeating: 0, count: ids.count), mask: Array(repeating: true, count: ids.count),
      rows: rows, length: length)
  }
}

func printLine(_ text: String) {
  print(text)
  fflush(nil)
}

/// Arguments of the form `rows=50`.
struct Sizes {
  private var values: [String: Int] = [:]

  struct UnreadableArgument: Error {
    let text: String
  }

  init(_ arguments: some Sequence<String>) throws {
    for argument in arguments {
      let parts = argument.split(separator: "=")
      guard parts.count == 2, let value = Int(parts[1]), value > 0 else {
        throw UnreadableArgument(text: argument)
      }
      values[String(parts[0])] = value
    }
  }

  subscript(name: String) -> Int? { values[name] }
}
