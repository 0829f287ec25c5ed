import Tensors

/// Named tensors of a checkpoint.
public protocol WeightSource {
  var names: [String] { get }
  /// The shape of a tensor without reading it; nil when there is none of that name.
  func shape(of name: String) -> [Int]?
  func tensor(named name: String) throws -> Tensor
  /// Called before a tensor is asked for, with the shape that it must have.
  func expect(_ name: String, _ shape: [Int])
}

extension WeightSource {
  public func expect(_ name: String, _ shape: [Int]) {}
}
