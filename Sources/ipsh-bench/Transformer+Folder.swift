import Checkpoints
import Transformers
import Tensors

extension Transformer {
  /// Reads a model's folder.
  convenience init(folder path: String) throws {
    let folder = try ModelFolder(path: path)
    try self.init(
      configuration: folder.decode(TransformerConfiguration.self, from: "config.json"),
      weights: CheckpointWeights(checkpoint: folder.checkpoint))
  }
}

private struct CheckpointWeights: WeightSource {
  let checkpoint: Checkpoint

  var names: [String] { checkpoint.names }
  func shape(of name: String) -> [Int]? { checkpoint.shape(of: name) }
  func tensor(named name: String) throws -> Tensor { try checkpoint.tensor(named: name) }
}
