import Attribution
import Tensors
import Transformers

/// Times attribution scores of a pair of texts, for each line on standard input with one of
///
///     forward    a plain forward pass of one text, to the logits at its last token
///     atp        all heads and feed-forward branches
///     eap        all residual edges
///     eap-ig     the same at `points` points from the counterfactual on
///
///     ipsh-bench scores folder=PATH length=15 points=5
///
/// Prints a line about the kernels first, then for each run a line of JSON: the seconds, and the scores of edges in the order of
/// targets, then sources.
struct ScoresBenchmark {
  private let attributor: Attributor
  private let input: AttributionInput
  private let points: Int

  init(_ sizes: Sizes, folder: String) throws {
    let model = try Transformer(folder: folder)
    attributor = Attributor(model: model)
    points = sizes["points"] ?? 5
    let vocabulary = model.configuration.vocabulary
    let ids = (0..<(sizes["length"] ?? 15)).map { Int32(($0 + 1) * 7919 % vocabulary) }
    var other = ids
    for position in [3, 7] where position < other.count {
      other[position] = (ids[position] + 101) % Int32(vocabulary)
    }
    let terms: [QuantityOfInterest.Term] = [(2003 % vocabulary, 1.0), (2024 % vocabulary, -1.0)].map {
      .init(coefficient: $0.1, readout: .logit, output: .token($0.0))
    }
    input = AttributionInput(
      ids: ids, types: ids.map { _ in 0 }, target: ids.count - 1, quantity: QuantityOfInterest(terms: terms),
      baseline: Baseline(.tokens(other)))
  }

  func run() throws {
    printLine("\(BLAS.version()), \(KernelSelection.inUse) kernels, \(BLAS.threads) threads")
    let clock = ContinuousClock()
    while let method = readLine() {
      var scores: [Double] = []
      let time = try clock.measure { scores = try self.scores(method) }
      printLine(#"{"seconds": \#(time / .seconds(1)), "scores": \#(scores)}"#)
    }
  }

  private func scores(_ method: String) throws -> [Double] {
    let model = attributor.model
    switch method {
    case "atp":
      let sites = (0..<model.configuration.layers).flatMap {
        [Site(.z, layer: $0), Site(.mlpOut, layer: $0)]
      }
      _ = try attributor.patchingScores(of: Set(sites), [input], check: {})
      return []
    case "eap", "eap-ig":
      let options = AttributionOptions(points: points, quadrature: .left)
      return try attributor.edgeScores(
        [input], isIntegrated: method == "eap-ig", options: options, check: {})[0].list.map(\.score)
    default:
      let batch = TokenBatch(sequences: [(ids: input.ids, types: input.types)], padToken: 0)
      let request = ForwardRequest(wordPositions: [(0, input.target)])
      _ = try model.forward(batch, request, check: {})
      return []
    }
  }
}
