import Files
import Foundation
import ScratchFolders
import Testing

@testable import Checkpoints

@Suite struct ModelFolderTests {
  private func folder(in scratch: Scratch, _ values: [Float] = [1, 2], config: String = "{}") throws {
    try scratch.write(safetensors(["a": values]), to: "m/model.safetensors")
    try scratch.write(config, to: "m/config.json")
  }

  @Test func opensAFolder() throws {
    let scratch = try Scratch()
    try folder(in: scratch)
    try scratch.write("x\n", to: "m/vocab.txt")
    let model = try ModelFolder(path: "\(scratch.path)/m/")
    #expect(model.name == "m")
    #expect(model.checkpoint.names == ["a"])
    #expect(try model.contents(of: "vocab.txt") == Array("x\n".utf8))
    #expect(try model.contents(of: "tokenizer.json") == nil)
  }

  @Test func opensShardsAndSingleFiles() throws {
    let scratch = try Scratch()
    try scratch.write(safetensors(["b": [1]]), to: "m/other.safetensors")
    try scratch.write("{\"weight_map\":{\"b\":\"other.safetensors\"}}", to: "m/model.safetensors.index.json")
    try scratch.write("{}", to: "m/config.json")
    #expect(try ModelFolder(path: "\(scratch.path)/m").checkpoint.names == ["b"])
    let file = try ModelFolder(path: "\(scratch.path)/m/other.safetensors")
    #expect(file.name == "m" && file.checkpoint.names == ["b"])
  }

  @Test func saysWhatIsMissing() throws {
    let scratch = try Scratch()
    try scratch.write("", to: "a/model.pt")
    try scratch.write("", to: "b/weights.safetensors")
    try scratch.write("{}", to: "b/config.json")
    let a = fault(in: scratch) { _ = try ModelFolder(path: "\(scratch.path)/a") }
    #expect(
      a?.message
        == "DIR/a is not a model folder: expected config.json and model.safetensors, found model.pt")
    #expect(
      a?.remedy == "model.pt is in PyTorch's format, only safetensors and .bin files are read: "
        + "save the model with save_pretrained(folder), or its state_dict() as pytorch_model.bin with torch.save"
    )
    let b = fault(in: scratch) { _ = try ModelFolder(path: "\(scratch.path)/b") }
    #expect(
      b?.message
        == "DIR/b is not a model folder: expected model.safetensors, found config.json, weights.safetensors")
    #expect(
      b?.remedy == "to load that file with this configuration, name the file itself: .../weights.safetensors")
    let c = fault(in: scratch) { _ = try ModelFolder(path: "\(scratch.path)/c") }
    #expect(c?.message == "no model at DIR/c")
    try scratch.write(safetensors(["a": [1]]), to: "d/x.safetensors")
    let d = fault(in: scratch) { _ = try ModelFolder(path: "\(scratch.path)/d/x.safetensors") }
    #expect(d?.message == "DIR/d is not a model folder: expected config.json, found x.safetensors")
  }

  @Test func listsAFewNamesAndBrokenLinks() throws {
    let scratch = try Scratch()
    for number in 10..<25 { try scratch.write("", to: "many/\(number)") }
    let many = fault(in: scratch) { _ = try ModelFolder(path: "\(scratch.path)/many") }
    #expect(
      many?.message == "DIR/many is not a model folder: expected config.json and model.safetensors, "
        + "found 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, and 3 more")
    try scratch.write(safetensors(["a": [1]]), to: "m/model.safetensors")
    #expect(symlink("../blobs/gone", "\(scratch.path)/m/config.json") == 0)
    let broken = fault(in: scratch) { _ = try ModelFolder(path: "\(scratch.path)/m") }
    #expect(
      broken?.message == "DIR/m is not a model folder: expected config.json, "
        + "found config.json (a broken link), model.safetensors")
  }

  /// As the Hugging Face tools lay it out: the snapshot's files are links to blobs.
  @Test func snapshotInTheCache() throws {
    let scratch = try Scratch()
    try scratch.write(safetensors(["a": [7]]), to: "hub/models--org--small/blobs/1")
    try scratch.write("{}", to: "hub/models--org--small/blobs/2")
    let commit = String(repeating: "ab", count: 20)
    try scratch.write(commit, to: "hub/models--org--small/refs/main")
    let snapshot = "\(scratch.path)/hub/models--org--small/snapshots/\(commit)"
    try FileManager.default.createDirectory(atPath: snapshot, withIntermediateDirectories: true)
    #expect(symlink("../../blobs/1", "\(snapshot)/model.safetensors") == 0)
    #expect(symlink("../../blobs/2", "\(snapshot)/config.json") == 0)
    let environment = ["HF_HOME": scratch.path]
    let model = try ModelFolder(path: ModelLocator.folder(for: "hf:org/small", environment: environment))
    #expect(model.name == "small")
    #expect(try model.checkpoint.tensor(named: "a").values == [7])
  }

  private struct Config: Decodable {
    enum Activation: String, Decodable { case gelu, relu }
    let hidden_size: Int
    let hidden_act: Activation
    let layer_norm_eps: Double?
    let id2label: [String: String]?
  }

  @Test(arguments: [
    ("{\"hidden_size\": 3,\n \"hidden_act\": gelu}", ":2:16: expected a value, found 'g'"),
    ("", ":1:1: expected a value, found the end of the text"),
    (
      "{\"hidden_size\": 3, \"hidden_act\": \"gelu\"", ":1:40: expected ',' or '}', found the end of the text"
    ),
    ("{\"hidden_size\": \"3\"}", ": hidden_size: expected a whole number, found \"3\""),
    ("{\"hidden_size\": null}", ": hidden_size: expected a whole number, found null"),
    ("{\"hidden_act\": \"gelu\"}", ": expected the key \"hidden_size\", found an object with key hidden_act"),
    (
      "{\"hidden_size\": 3, \"hidden_act\": \"selu\"}",
      ": hidden_act: expected a known value, found \"selu\""
    ),
    (
      "{\"layer_norm_eps\": 1e-12, \"hidden_size\": 1.5, \"hidden_act\": \"gelu\"}",
      ": hidden_size: expected a whole number, found 1.5"
    ),
    (
      "{\"hidden_size\": 3, \"hidden_act\": \"gelu\", \"id2label\": {\"0\": 4}}",
      ": id2label.0: expected a string, found 4"
    ),
    ("[1]", ": expected an object, found a list of 1"),
    ("{\"hidden_size\": 3, \"hidden_size\": NaN}", ": hidden_size: expected a whole number, found NaN"),
  ])
  func decodingFaults(json: String, message: String) throws {
    let scratch = try Scratch()
    try folder(in: scratch, config: json)
    let model = try ModelFolder(path: "\(scratch.path)/m")
    let found = fault(in: scratch) { _ = try model.decode(Config.self, from: "config.json") }
    #expect(found?.message == "DIR/m/config.json\(message)")
  }

  @Test func decodes() throws {
    let scratch = try Scratch()
    try folder(
      in: scratch, config: "{\"hidden_size\": 3, \"hidden_act\": \"relu\", \"layer_norm_eps\": 1e-12}")
    let model = try ModelFolder(path: "\(scratch.path)/m")
    let config = try model.decode(Config.self, from: "config.json")
    #expect(config.hidden_size == 3 && config.hidden_act == .relu && config.layer_norm_eps == 1e-12)
    let found = fault(in: scratch) { _ = try model.decode(Config.self, from: "x.json") }
    #expect(found?.message == "cannot read DIR/m/x.json: No such file or directory")
  }

  @Test func fingerprintFollowsContentsAndNotThePlace() throws {
    func fingerprint(_ values: [Float], config: String = "{}", vocabulary: String = "a") throws -> String {
      let scratch = try Scratch()
      try folder(in: scratch, values, config: config)
      try scratch.write(vocabulary, to: "m/vocab.txt")
      return try ModelFolder(path: "\(scratch.path)/m").fingerprint
    }
    let long = (0..<100_000).map { Float($0) }
    let first = try fingerprint([1, 2])
    #expect(first.count == 64)
    #expect(try fingerprint([1, 2]) == first)
    #expect(try fingerprint([1, 3]) != first)
    #expect(try fingerprint([1, 2], config: "{ }") != first)
    #expect(try fingerprint([1, 2], vocabulary: "b") != first)
    #expect(try fingerprint(long) == fingerprint(long))
    #expect(try fingerprint(long) != fingerprint(long.dropLast() + [0]))
  }
}
