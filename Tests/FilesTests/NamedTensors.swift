import Files
import Tensors
import Testing

extension SafetensorsFile {
  func tensor(_ name: String) throws -> Tensor { try tensor(#require(header.entries[name]), named: name) }
}
