import FixtureFiles
import ScratchFolders
import Tensors
import Testing

@testable import Files

/// Files of torch.save; scripts/fixtures/make-torch-fixtures.py makes them, with the values that torch reads from them.
@Suite struct TorchFileTests {
  private func path(_ name: String) -> String { FixtureFiles.folder.appending(path: "torch/\(name)").path }

  @Test(arguments: [
    ("archive.bin", "everything"), ("archive-4.bin", "everything"), ("archive-5.bin", "everything"),
    ("sequence.bin", "everything"), ("sequence-3.bin", "everything"), ("sequence-4.bin", "everything"),
    ("module.bin", "module"), ("parts.bin", "parts"),
  ])
  func valuesAreThoseOfTorch(file: String, expected: String) throws {
    let found = try TorchFile(path: path(file))
    let wanted = try SafetensorsFile(path: path("\(expected).safetensors"))
    for (name, entry) in wanted.header.entries {
      let (tensor, other) = (try found.tensor(named: name), try wanted.tensor(named: name))
      #expect(tensor.shape == entry.shape, "\(name)")
      #expect(tensor.values.map(\.bitPattern) == other.values.map(\.bitPattern), "\(name)")
    }
    let floats: [String] = found.tensorNames.filter { found.description(of: $0)?.dtype.isConvertible == true }
    let names: [String] = wanted.header.entries.keys.sorted()
    #expect(floats.sorted() == names)
  }

  /// They are listed with their types, and not read.
  @Test(arguments: ["archive.bin", "sequence.bin"]) func wholeNumbersAreNotConverted(file: String) throws {
    let found = try TorchFile(path: path(file))
    let types: [(String, DType)] = [
      ("int64", .i64), ("int32", .i32), ("int16", .i16), ("int8", .i8), ("uint8", .u8), ("bool", .bool),
    ]
    for (kind, type) in types {
      let (name, path) = ("torch.\(kind)", path(file))
      #expect(found.description(of: name) == TensorDescription(dtype: type, shape: [3]))
      let refused = fault(in: try Scratch()) { _ = try found.tensor(named: name) }
      let expected = "expected dtype F64, F32, F16 or BF16, found \(type.rawValue)"
      #expect(refused?.message == "\(path): tensor \"\(name)\": \(expected)")
    }
  }

  private static let others = [
    ("big-endian.bin", "expected numbers in little-endian order, found big-endian ones"),
    ("training.bin", "\"epoch\": expected a tensor, found 3"),
    (
      "whole-module.bin",
      "whole-module/data.pkl, byte 2: expected what tensors by name are made of, "
        + "found a call for \"torch.nn.modules.linear.Linear\""
    ),
  ]

  @Test(arguments: others)
  func otherFilesOfTorch(file: String, message: String) throws {
    let found = fault(in: try Scratch()) { _ = try TorchFile(path: path(file)) }
    #expect(found?.message == "\(path(file)): \(message)")
    #expect(found?.remedy?.contains("torch.save") == true)
  }

  /// No beginning of a file is read, whatever it ends in.
  @Test(arguments: ["archive-4.bin", "module.bin", "parts.bin", "sequence-4.bin"])
  func cutFiles(file: String) throws {
    let bytes = try #require(try contentsOfFile(path(file)))
    let scratch = try Scratch()
    // Of the shorter files everywhere.
    for count in stride(from: 0, to: bytes.count, by: bytes.count < 4000 ? 1 : 11) {
      let cut = try scratch.write(bytes[..<count], to: "m.bin")
      let found = fault(in: scratch) { _ = try TorchFile(path: cut) }
      try #require(found?.message.hasPrefix("DIR/m.bin: ") == true, "\(count) bytes: \(found as Any)")
    }
  }
}

/// Tensors that do not lie in row-major order, of sizes that are read in several blocks.
@Suite struct StridedReadingTests {
  private static let elements = 700_000

  private static let layouts: [(shape: [Int], strides: [Int], offset: Int)] = [
    ([700, 1000], [1, 700], 0), ([1000, 700], [1, 1000], 0), ([3, 2000], [1, 3], 5),
    ([2000, 3], [1, 2000], 5),
    ([690_000], [1], 7), ([340_000], [2], 1), ([300], [2000], 3), ([100, 3], [5000, 2000], 0),
    ([7, 100, 1000], [100_000, 1, 100], 0), ([50, 60, 70], [1, 3500, 50], 0),
    ([4, 5, 6, 7], [1, 4, 20, 120], 11), ([600, 1000], [0, 1], 0), ([1000, 600], [1, 0], 0),
    ([1, 500, 1], [9, 3, 9], 0), ([30, 40], [1, 1], 2), ([10, 20, 30], [1, 1, 0], 2),
    ([5, 1, 128], [131_072, 1, 1024], 1), ([64, 1024], [1025, 10], 1),
  ]

  /// All layouts in one type; in the others those of few elements.
  @Test(arguments: [("Float", 4, 10_000), ("Half", 2, .max), ("BFloat16", 2, 10_000), ("Double", 8, 10_000)])
  func elementsAreWhereTheStridesSay(type: String, size: Int, most: Int) throws {
    let scratch = try Scratch()
    var data = (0..<251).flatMap { encoded($0, type) }
    while data.count < Self.elements * size { data += data }
    let tensors = Self.layouts.filter { $0.shape.reduce(1, *) <= most }.enumerated().map { index, layout in
      PickledTensor(
        "\(index)", type: type, elements: Self.elements, offset: layout.offset, shape: layout.shape,
        strides: layout.strides)
    }
    let file = try TorchFile(
      path: scratch.write(torchArchive(PickleText.dictionary(tensors), storages: [("0", data)]), to: "m.bin"))
    for tensor in tensors {
      let found = try file.tensor(named: tensor.name)
      #expect(found.shape == tensor.shape)
      let places = places(of: tensor)
      let wrong = found.withUnsafeBufferPointer { values in
        places.indices.first { values[$0] != Float(places[$0] % 251) }
      }
      #expect(wrong == nil && places.count == found.count, "\(tensor)")
    }
  }

  private func encoded(_ number: Int, _ type: String) -> [UInt8] {
    switch type {
    case "Half": littleEndian(Float16(number).bitPattern)
    case "BFloat16": littleEndian(UInt16(Float(number).bitPattern >> 16))
    case "Double": littleEndian(Double(number).bitPattern)
    default: littleEndian(Float(number).bitPattern)
    }
  }

  /// In row-major order, as strides define them.
  private func places(of tensor: PickledTensor) -> [Int] {
    var places = [tensor.offset]
    for (size, stride) in zip(tensor.shape, tensor.strides) {
      places = places.flatMap { place in (0..<size).map { place + $0 * stride } }
    }
    return places
  }
}
