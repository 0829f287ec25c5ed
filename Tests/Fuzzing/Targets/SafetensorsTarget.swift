import Checkpoints

/// Safetensors files: each opens or is a fault, and what opens can be read.
package struct SafetensorsTarget: FuzzTarget {
  private let file: ScratchFile

  package init() throws { file = try ScratchFile(name: "model.safetensors") }

  package func input(_ generator: inout SeededGenerator) -> [UInt8] {
    if generator.chance(50) { return generator.randomBytes(0...60) }
    let (header, size) = header(&generator)
    let declared = generator.chance(12) ? Int(truncatingIfNeeded: generator.next()) : header.utf8.count
    let length = withUnsafeBytes(of: UInt64(bitPattern: Int64(declared)).littleEndian) { Array($0) }
    let bytes = length + Array(header.utf8) + (0..<size).map { UInt8(truncatingIfNeeded: $0 * 37) }
    return generator.chance(3) ? bytes : generator.mutated(bytes, 1...2)
  }

  private static let types = ["F32": 4, "F16": 2, "BF16": 2, "F64": 8, "I64": 8, "U8": 1, "BOOL": 1]

  private func header(_ generator: inout SeededGenerator) -> (String, size: Int) {
    var entries: [String] = generator.chance(3) ? [#""__metadata__":{"format":"pt"}"#] : []
    var offset = 0
    for index in 0..<generator.count(0...4) {
      let (type, size) = generator.pick(Self.types.sorted { $0.key < $1.key })
      let shape = (0..<generator.count(0...3)).map { _ in generator.count(0...3) }
      let end = offset + shape.reduce(size, *)
      let name = generator.pick(["a", "encoder.layer.0.weight", "é", ""]) + "\(index)"
      entries.append(
        #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(offset),\#(end)]}"#)
      offset = end
    }
    let padding = String(repeating: " ", count: generator.pick([0, 0, 1, 7]))
    return ("{" + entries.joined(separator: ",") + "}" + padding, offset)
  }

  package func run(_ input: [UInt8]) throws -> String {
    try file.write(input)
    return try outcome {
      let checkpoint = try Checkpoint(safetensors: file.path)
      for name in checkpoint.names where checkpoint.dtype(of: name)?.isConvertible == true {
        let shape = try checkpoint.tensor(named: name).shape
        try require(shape == checkpoint.shape(of: name), "\(name) has shape \(shape)")
      }
    }
  }
}
