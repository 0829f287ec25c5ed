import Checkpoints
import SystemCalls
import Tensors

/// Times reading all weights of a model's folder, and tells what they take as Float32 and how much memory was in use at most.
///
///     ipsh-bench weights folder=PATH
struct WeightsBenchmark {
  let folder: String

  func run() throws {
    var tensors: [Tensor] = []
    let duration = try ContinuousClock().measure {
      let checkpoint = try ModelFolder(path: folder).checkpoint
      tensors = try checkpoint.names.filter { checkpoint.dtype(of: $0)?.isConvertible == true }
        .map(checkpoint.tensor)
    }
    let bytes = tensors.reduce(0) { $0 + $1.count * MemoryLayout<Float>.stride }
    print("\(tensors.count) tensors, \(bytes / 1_000_000) MB as Float32, \(BLAS.threads) threads")
    print("seconds  \(duration / .seconds(1))")
    print("peak memory \(peakMegabytes()) MB")
  }
}
