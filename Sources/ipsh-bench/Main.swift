import Transformers
import SystemCalls
import Tensors

/// What `scripts/bench` measures: a benchmark's name, without one ``ForwardBenchmark``, then its options.
@main
struct Bench {
  static func main() throws {
    KernelSelection.restartWithFasterKernels()
    let (sizes, source) = try options(CommandLine.arguments.dropFirst())
    if let threads = sizes["threads"] { BLAS.threads = threads }
    switch (CommandLine.arguments.dropFirst().first, source.folder) {
    case ("patterns", _): return try PatternsBenchmark(sizes, source).run()
    case ("generate", let folder?): try GenerateBenchmark(sizes, folder: folder).run()
    case ("scores", let folder?): try ScoresBenchmark(sizes, folder: folder).run()
    case ("weights", let folder?): try WeightsBenchmark(folder: folder).run()
    case ("tokenizer", let folder?): return try TokenizerBenchmark(folder: folder).run()
    case ("sweep", let folder?): return try SweepBenchmark(sizes, folder: folder).run()
    default: try ForwardBenchmark(sizes, source).run()
    }
  }

  /// Sizes and where the model comes from, behind the name of a benchmark if there is one.
  private static func options(_ arguments: ArraySlice<String>) throws -> (Sizes, ModelSource) {
    var options = arguments.drop { !$0.contains("=") }
    func take(_ key: String) -> String? {
      guard let index = options.firstIndex(where: { $0.hasPrefix(key + "=") }) else { return nil }
      return String(options.remove(at: index).dropFirst(key.count + 1))
    }
    let source = ModelSource(folder: take("folder"), family: take("family"))
    return (try Sizes(options), source)
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
