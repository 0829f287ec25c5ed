import Checkpoints
import Transformers
import Measurement
import Tensors

/// Times a sweep that zeroes each head in turn, once for each line on standard input.
///
///     ipsh-bench sweep folder=PATH rows=50 length=11 target=5 correct=1000 wrong=2000
///
/// Prints a line about the kernels first, then for each sweep its seconds and the mean quantity for each head as JSON.
struct SweepBenchmark {
  private let model: Transformer
  private let probes: [Probe]

  init(_ sizes: Sizes, folder: String) throws {
    model = try Transformer(folder: folder)
    let vocabulary = model.configuration.vocabulary
    let (rows, length) = (sizes["rows"] ?? 50, sizes["length"] ?? 11)
    let quantity = QuantityOfInterest(terms: [
      .init(coefficient: 1, readout: .logit, output: .token(sizes["correct"] ?? 1000)),
      .init(coefficient: -1, readout: .logit, output: .token(sizes["wrong"] ?? 2000)),
    ])
    probes = (0..<rows).map { row in
      let ids = (0..<length).map { Int32((row * length + $0) * 7919 % vocabulary) }
      return Probe(
        ids: ids, types: ids.map { _ in 0 }, target: sizes["target"] ?? length / 2, quantity: quantity)
    }
  }

  func run() throws {
    printLine("\(BLAS.version()), \(BLAS.coreName) kernels, \(BLAS.threads) threads")
    let configuration = model.configuration
    let targets = (0..<configuration.layers).flatMap { layer in
      (0..<configuration.heads).map { Sweep.Target([Node(layer: layer, component: .head($0))]) }
    }
    let sweep = Sweep(
      evaluator: Evaluator(model: model, memoryBudget: 2 << 30, check: {}), probes: probes, targets: targets,
      value: { _, _ in .zero })
    while readLine() != nil {
      var means = targets.map { _ in 0.0 }
      let duration = try ContinuousClock().measure {
        try sweep.run(finished: { target, outcomes in
          means[target] = outcomes.reduce(0) { $0 + $1.value } / Double(outcomes.count)
        })
      }
      printLine(#"{"seconds": \#(duration / .seconds(1)), "means": \#(means)}"#)
    }
  }
}
