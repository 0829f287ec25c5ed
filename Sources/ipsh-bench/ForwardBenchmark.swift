import Tensors
import Transformers

/// Times forward passes to the last hidden state of every token, one for each line on standard input.
///
///     ipsh-bench rows=50 length=11
///     ipsh-bench forward family=gpt2 layers=12 rows=50 length=11
///     ipsh-bench forward folder=PATH rows=50 length=11 logits=1
///
/// Prints a line about the kernels first, then the seconds of each pass. With `logits` the logits of all words at one position
/// of each row are computed too, and a line is JSON: the seconds, and of each row the logit of one word.
struct ForwardBenchmark {
  private let model: Transformer
  private let batch: TokenBatch
  private let readsLogits: Bool

  init(_ sizes: Sizes, _ source: ModelSource) throws {
    model = try source.model(sizes)
    batch = Self.batch(
      rows: sizes["rows"] ?? 50, length: sizes["length"] ?? 11, vocabulary: model.configuration.vocabulary)
    readsLogits = sizes["logits"] != nil
  }

  func run() throws {
    printLine("\(BLAS.version()), \(BLAS.coreName) kernels, \(BLAS.threads) threads")
    let request = request
    while readLine() != nil {
      var result: ForwardResult?
      let duration = try ContinuousClock().measure {
        result = try model.forward(batch, request, check: {})
      }
      let seconds = duration / .seconds(1)
      guard readsLogits, let logits = result?.wordLogits else {
        printLine("\(seconds)")
        continue
      }
      let word = 1000 % model.configuration.vocabulary
      let own = (0..<batch.rows).map { logits[$0].values[word] }
      printLine(#"{"seconds": \#(seconds), "logits": \#(own)}"#)
    }
  }

  /// The last layer is captured, so that it is computed at every token.
  private var request: ForwardRequest {
    let last = Site(.residPost, layer: model.configuration.layers - 1)
    let position = model.configuration.usualTarget(length: batch.length)
    return ForwardRequest(
      capture: [last], wordPositions: readsLogits ? (0..<batch.rows).map { ($0, position) } : [])
  }

  private static func batch(rows: Int, length: Int, vocabulary: Int) -> TokenBatch {
    let ids = (0..<rows * length).map { Int32($0 * 7919 % vocabulary) }
    return TokenBatch(
      ids: ids, types: Array(repeating: 0, count: ids.count), mask: Array(repeating: true, count: ids.count),
      rows: rows, length: length)
  }
}

extension TransformerConfiguration {
  /// Where a text is read: at its middle, in causal models at its end.
  func usualTarget(length: Int) -> Int { isCausal ? length - 1 : length / 2 }
}
