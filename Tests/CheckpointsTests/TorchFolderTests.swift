import Files
import FixtureFiles
import Foundation
import ScratchFolders
import Tensors
import Testing

@testable import Checkpoints

/// Folders with weights that torch has saved.
@Suite struct TorchFolderTests {
  private static let tensors = [PickledTensor("a", elements: 2, shape: [2], strides: [1])]

  private func weights(_ values: [Float]) throws -> [UInt8] {
    try torchArchive(PickleText.dictionary(Self.tensors), storages: [("0", bytes(values))])
  }

  @Test(arguments: ["bert-2019", "sharded-bin"]) func wholeModels(name: String) throws {
    let folder = try ModelFolder(path: FixtureFiles.model(name).path)
    let other = try ModelFolder(path: FixtureFiles.model("legacy-names").path).checkpoint
    #expect(folder.checkpoint.names == other.names)
    #expect(folder.checkpoint.byteCount == other.byteCount)
    #expect(folder.checkpoint.floatBytes == other.floatBytes)
    for tensor in other.names where other.dtype(of: tensor)?.isConvertible == true {
      #expect(try folder.checkpoint.tensor(named: tensor) == other.tensor(named: tensor), "\(tensor)")
    }
    try folder.checkpoint.verifyFinite()
  }

  /// The order in which transformers looks for weights.
  @Test func safetensorsComeFirst() throws {
    let scratch = try Scratch()
    try scratch.write("{}", to: "m/config.json")
    try scratch.write(
      "{\"weight_map\":{\"a\":\"pytorch_model-00001-of-00001.bin\"}}", to: "m/pytorch_model.bin.index.json")
    try scratch.write(weights([1, 1]), to: "m/pytorch_model-00001-of-00001.bin")
    func value() throws -> Float {
      try ModelFolder(path: "\(scratch.path)/m").checkpoint.tensor(named: "a").values[0]
    }
    #expect(try value() == 1)
    try scratch.write(weights([2, 2]), to: "m/pytorch_model.bin")
    #expect(try value() == 2)
    try scratch.write(safetensors(["a": [3]]), to: "m/part.safetensors")
    try scratch.write("{\"weight_map\":{\"a\":\"part.safetensors\"}}", to: "m/model.safetensors.index.json")
    #expect(try value() == 3)
    try scratch.write(safetensors(["a": [4]]), to: "m/model.safetensors")
    #expect(try value() == 4)
    let file = "\(scratch.path)/m/pytorch_model.bin"
    #expect(try ModelLocator.folder(for: file, environment: [:]) == file)
    #expect(try ModelFolder(path: file).checkpoint.tensor(named: "a").values == [2, 2])
  }

  @Test func fingerprintsFollowTheWeights() throws {
    func fingerprint(_ values: [Float]) throws -> String {
      let scratch = try Scratch()
      try scratch.write("{}", to: "m/config.json")
      try scratch.write(weights(values), to: "m/pytorch_model.bin")
      return try ModelFolder(path: "\(scratch.path)/m").fingerprint
    }
    #expect(try fingerprint([1, 2]) == fingerprint([1, 2]))
    #expect(try fingerprint([1, 2]) != fingerprint([1, 3]))
  }

  /// Buffers of whole numbers are no weights.
  @Test func floatBytesAreOfWhatConverts() throws {
    let scratch = try Scratch()
    let tensors =
      Self.tensors + [PickledTensor("n", type: "Long", key: "1", elements: 4, shape: [4], strides: [1])]
    let file = try torchArchive(
      PickleText.dictionary(tensors),
      storages: [("0", bytes([1, 2])), ("1", Array(repeating: 0, count: 32))])
    let checkpoint = try Checkpoint(file: scratch.write(file, to: "m.bin"))
    #expect(checkpoint.floatBytes == 8 && checkpoint.byteCount == 40)
    #expect(checkpoint.names == ["a", "n"] && checkpoint.dtype(of: "n") == .i64)
  }

  @Test func tensorsInTwoShards() throws {
    let scratch = try Scratch()
    for name in ["1.bin", "2.bin"] { try scratch.write(weights([1, 2]), to: name) }
    let index = try scratch.write(
      "{\"weight_map\":{\"a\":\"1.bin\",\"b\":\"2.bin\"}}", to: "pytorch_model.bin.index.json")
    let found = fault(in: scratch) { _ = try Checkpoint(indexFile: index) }
    #expect(
      found?.message
        == "DIR/pytorch_model.bin.index.json: tensor \"b\": expected in 2.bin, found no tensor of that name")
  }

  @Test func truncatedAfterOpening() throws {
    let scratch = try Scratch()
    let long = [PickledTensor("a", elements: 100_000, shape: [100, 1000], strides: [1, 100])]
    let data = Array(repeating: UInt8(0), count: 400_000)
    let path = try scratch.write(
      torchArchive(PickleText.dictionary(long), storages: [("0", data)]), to: "m.bin")
    let checkpoint = try Checkpoint(file: path)
    #expect(truncate(path, 4096) == 0)
    let found = fault(in: scratch) { _ = try checkpoint.tensor(named: "a") }
    #expect(found?.message == "DIR/m.bin: the file changed while tensor \"a\" was read from it")
  }
}
