import Tensors
import Transformers

/// Times continuations of a text, one for each line on standard input.
///
///     ipsh-bench generate folder=PATH length=16 tokens=64
///
/// Prints a line about the kernels first, then for each run a line of JSON: the seconds, those of the first token, and the ids of
/// the tokens.
struct GenerateBenchmark {
  private let model: Transformer
  private let ids: [Int32]
  private let tokens: Int

  init(_ sizes: Sizes, folder: String) throws {
    model = try Transformer(folder: folder)
    tokens = sizes["tokens"] ?? 64
    let vocabulary = model.configuration.vocabulary
    ids = (0..<(sizes["length"] ?? 16)).map { Int32($0 * 7919 % vocabulary) }
  }

  func run() throws {
    printLine("\(BLAS.version()), \(KernelSelection.inUse) kernels, \(BLAS.threads) threads")
    let clock = ContinuousClock()
    while readLine() != nil {
      var found: [Int32] = []
      var first: Duration?
      let start = clock.now
      _ = try Generation(model: model, ids: ids, limit: tokens, check: {}).plan { token in
        if first == nil { first = clock.now - start }
        found.append(token.id)
      }.run()
      let seconds = [clock.now - start, first ?? .zero].map { $0 / .seconds(1) }
      printLine(#"{"seconds": \#(seconds[0]), "first": \#(seconds[1]), "ids": \#(found)}"#)
    }
  }
}
