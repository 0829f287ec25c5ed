import Tensors
import Testing

@testable import Checkpoints

@Suite struct ShardedCheckpointTests {
  private let index = "model.safetensors.index.json"

  private func open(_ json: String, in scratch: Scratch) throws -> Checkpoint {
    try scratch.write(safetensors(["a": [1], "b": [2]]), to: "1.safetensors")
    try scratch.write(safetensors(["c": [3]]), to: "2.safetensors")
    return try Checkpoint(indexFile: scratch.write(json, to: index))
  }

  @Test func tensorsOfAllShards() throws {
    let scratch = try Scratch()
    let map =
      "{\"metadata\":{\"total_size\":12},\"weight_map\":{\"a\":\"1.safetensors\",\"c\":\"2.safetensors\"}}"
    let checkpoint = try open(map, in: scratch)
    #expect(checkpoint.names == ["a", "b", "c"])
    #expect(checkpoint.byteCount == 12)
    #expect(try checkpoint.tensor(named: "c").values == [3])
    #expect(try checkpoint.tensor(named: "b").values == [2])
    let found = fault(in: scratch) { _ = try checkpoint.tensor(named: "zebra") }
    #expect(found?.message == "no tensor \"zebra\" in DIR/\(index)")
    #expect(found?.remedy == nil)
  }

  @Test(arguments: [
    ("{\"weight_map\":{}}", ": weight_map: expected tensors, found none"),
    ("{\"weights\":{}}", ": expected the key \"weight_map\", found an object with key weights"),
    ("{\"weight_map\":{\"a\":3}}", ": weight_map.a: expected a string, found 3"),
    ("{\"weight_map\":[]}", ": weight_map: expected an object, found a list of 0"),
    (
      "{\"weight_map\":{\"a\":\"1.safetensors\",\n\"a\":\"2\"}}",
      ": expected 2 with 1 tensor in the same folder, found no such file"
    ),
    (
      "{\"weight_map\":{\"a\":\"1.safetensors\",\"c\":\"3.safetensors\",\"d\":\"3.safetensors\"}}",
      ": expected 3.safetensors with 2 tensors in the same folder, found no such file"
    ),
    (
      "{\"weight_map\":{\"a\":\"../1.safetensors\"}}",
      ": weight_map, \"a\": expected the name of a file in the same folder, found \"../1.safetensors\""
    ),
    (
      "{\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}}",
      ": tensor \"b\": expected in 2.safetensors, found no tensor of that name"
    ),
  ])
  func malformed(json: String, message: String) throws {
    let scratch = try Scratch()
    let found = fault(in: scratch) { _ = try open(json, in: scratch) }
    #expect(found?.message == "DIR/\(index)\(message)")
  }

  @Test func oneTensorInTwoShards() throws {
    let scratch = try Scratch()
    try scratch.write(safetensors(["a": [1], "b": [2]]), to: "1.safetensors")
    try scratch.write(safetensors(["a": [1]]), to: "2.safetensors")
    let map = "{\"weight_map\":{\"a\":\"2.safetensors\",\"b\":\"1.safetensors\"}}"
    let path = try scratch.write(map, to: index)
    let found = fault(in: scratch) { _ = try Checkpoint(indexFile: path) }
    #expect(
      found?.message
        == "DIR/\(index): tensor \"a\": expected in one shard, found in 1.safetensors and 2.safetensors")
  }

  @Test func malformedShardIsNamed() throws {
    let scratch = try Scratch()
    try scratch.write("", to: "1.safetensors")
    let path = try scratch.write("{\"weight_map\":{\"a\":\"1.safetensors\"}}", to: index)
    let found = fault(in: scratch) { _ = try Checkpoint(indexFile: path) }
    #expect(found?.message == "DIR/1.safetensors: expected a safetensors file, found an empty file")
  }
}
