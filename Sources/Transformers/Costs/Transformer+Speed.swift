import Faults
import SystemCalls
import Tensors

extension Transformer {
  /// How fast this machine runs this model's layers when it has nothing else to do: the shortest of many passes over one
  /// of them, in processor time shared by all threads. Takes about a fifth of a second.
  package func speed(check: @escaping InterruptionCheck) throws -> Speed {
    let length = min(16, configuration.maxPositions)
    let few = try shortestPass(rows: 1, length: min(4, length), check: check)
    let many = try shortestPass(rows: 32, length: length, check: check)
    return Speed(few: few, many: many)
  }

  private func shortestPass(rows: Int, length: Int, check: @escaping InterruptionCheck) throws -> Speed.Pass {
    let pass = try lastLayerPass(rows: rows, length: length)
    let end = ContinuousClock.now + .milliseconds(100)
    var shortest = Double.infinity
    repeat {
      let start = clock()
      _ = try forward(pass.batch, pass.request, check: check)
      // A clock that has not ticked says nothing; its tick is 1 µs.
      shortest = min(shortest, max(1e-6, Double(clock() - start) / Double(CLOCKS_PER_SEC)))
    } while ContinuousClock.now < end
    let tokens = rows * length
    return Speed.Pass(
      operations: configuration.layerOperations(tokens: tokens, outputs: tokens, length: length),
      seconds: shortest / Double(max(1, BLAS.threads)))
  }

  private func lastLayerPass(rows: Int, length: Int) throws -> (batch: TokenBatch, request: ForwardRequest) {
    let length = min(length, configuration.maxPositions)
    let batch = TokenBatch(
      ids: Array(repeating: 0, count: rows * length), types: Array(repeating: 0, count: rows * length),
      mask: Array(repeating: true, count: rows * length), rows: rows, length: length)
    // Any values that are not all alike do.
    let states = (0..<rows * length * configuration.hidden).map { Float($0 % 97) / 97 - 0.5 }
    let last = configuration.layers - 1
    let start = ForwardStart(
      layer: last, hidden: Tensor(shape: [rows, length, configuration.hidden], states), rows: Array(0..<rows))
    return (batch, ForwardRequest(capture: [Site(.residPost, layer: last)], start: start))
  }
}

/// How long work takes on a machine: so much for each operation and so much for reading a layer's weights.
package struct Speed: Sendable {
  /// Of a pass over one layer.
  struct Pass {
    let operations: Double
    let seconds: Double
  }

  private let secondsPerOperation: Double
  private let secondsPerLayer: Double

  init(few: Pass, many: Pass) {
    let slope = (many.seconds - few.seconds) / (many.operations - few.operations)
    // Where a short pass was measured slower than a long one there is nothing to learn from it.
    secondsPerOperation = slope > 0 ? slope : many.seconds / many.operations
    secondsPerLayer = max(0, few.seconds - secondsPerOperation * few.operations)
  }

  package func seconds(for work: Work) -> Double {
    work.operations * secondsPerOperation + work.layers * secondsPerLayer
  }
}
