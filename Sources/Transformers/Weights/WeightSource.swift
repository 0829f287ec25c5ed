import Tensors

/// Named tensors of a checkpoint.
public protocol WeightSource {
  var names: [String] { get }
  /// The shape of a tensor without reading it; nil when there is none of that name.
  func shape(of name: String) -> [Int]?
  func tensor(named name: String) throws -> Tensor
}
