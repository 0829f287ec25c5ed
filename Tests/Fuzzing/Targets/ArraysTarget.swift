import Foundation
import Language
import Rendering
import Results
import Tensors
import Workbench

/// Files of arrays: each is read or is a fault, and what is read can be saved again.
package struct ArraysTarget: FuzzTarget {
  private let npy: ScratchFile
  private let npz: ScratchFile
  private let safetensors: ScratchFile
  private let saved: [[UInt8]]

  package init() throws {
    npy = try ScratchFile(name: "a.npy")
    npz = try ScratchFile(name: "a.npz")
    safetensors = try ScratchFile(name: "a.safetensors")
    let arrays: [Value] = [
      .tensor(Tensor(shape: [2, 2], [1, 2, 3, 4])), [0.5, 2], [[true], [false]], ["é", "ab"], 3, [],
    ]
    var saved: [[UInt8]] = []
    for array in arrays {
      let record: Value = ["a": array, "b": ["c": 1]]
      for (value, file) in [(array, npy), (record, npz), (record, safetensors)] {
        try FileFormats.save(value, name: "a", to: file.path)
        saved.append([UInt8](try Data(contentsOf: URL(filePath: file.path))))
      }
    }
    self.saved = saved + [Self.compressed].compactMap { Data(base64Encoded: $0).map([UInt8].init) }
  }

  /// `a`, [[1, 2], [3, 4]] as big-endian integers in Fortran order, as NumPy and Python's zipfile pack it.
  private static let compressed =
    "UEsDBBQAAAAIAAAAIQDXteyrTQAAAIgAAAAFAAAAYS5ucHmb7BfqGxDJyFDGUK2eklqcXKRupaBul2mkrqOgnpZfVFKUmBef"
    + "X5SSChIPKSpNBQoXZyQWpAK5GkY6CkaaOgq1CuQDLgZGBmYGJgYWAFBLAQIUAxQAAAAIAAAAIQDXteyrTQAAAIgAAAAFAAAA"
    + "AAAAAAAAAACAAQAAAABhLm5weVBLBQYAAAAAAQABADMAAABwAAAAAAA="

  package func input(_ generator: inout SeededGenerator) -> [UInt8] {
    if generator.chance(50) { return generator.randomBytes(0...60) }
    let bytes = generator.pick(saved)
    return generator.chance(10) ? bytes : generator.mutated(bytes, 1...3)
  }

  package func run(_ input: [UInt8]) throws -> String {
    let readers: [(ScratchFile, (String) throws -> Value)] = [
      (npy, ArrayFiles.npy), (npz, ArrayFiles.npz), (safetensors, ArrayFiles.safetensors),
    ]
    let outcomes = try readers.map { file, read in
      try file.write(input)
      return try outcome { try check(try read(file.path)) }
    }
    return outcomes.first { $0 == "accepted" } ?? outcomes[0]
  }

  private func check(_ value: Value) throws {
    try require(!JSONText.string(value).isEmpty, "a value without text")
  }
}
