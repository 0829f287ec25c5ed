import ScratchFolders
import Testing

@testable import Checkpoints

/// The tokens behind which texts end, as models' files name them.
@Suite struct EndTokenTests {
  @Test(
    arguments: [
      (#"{"eos_token_id": 5}"#, nil, [5]), (#"{"eos_token_id": [5, 7]}"#, nil, [5, 7]),
      (#"{"eos_token_id": null}"#, nil, []), ("{}", nil, []),
      (#"{"eos_token_id": 5}"#, #"{"eos_token_id": [1, 2]}"#, [1, 2]),
      (#"{"eos_token_id": 5}"#, #"{"eos_token_id": null}"#, [5]), (#"{"eos_token_id": 5}"#, "{}", [5]),
    ] as [(String, String?, Set<Int32>)])
  func theyAreThoseOfTheFiles(config: String, generation: String?, expected: Set<Int32>) throws {
    #expect(try folder(config, generation) { try $0.endTokens() } == expected)
  }

  @Test(arguments: [#"{"eos_token_id": "a"}"#, #"{"eos_token_id": [1.5]}"#, #"{"eos_token_id": [1"#])
  func whatIsNoneIsAFault(generation: String) throws {
    #expect {
      try folder("{}", generation) { try $0.endTokens() }
    } throws: { "\(($0 as? CheckpointFault)?.message ?? "")".contains("generation_config.json") }
  }

  /// What decides where texts end tells folders apart.
  @Test func theyAreInTheFingerprint() throws {
    let one = try folder("{}", #"{"eos_token_id": 1}"#) { $0.fingerprint }
    #expect(try folder("{}", #"{"eos_token_id": 2}"#) { $0.fingerprint } != one)
    #expect(try folder("{}", nil) { $0.fingerprint } != one)
  }

  private func folder<R>(
    _ config: String, _ generation: String?, _ body: (ModelFolder) throws -> R
  ) throws -> R {
    let scratch = try Scratch()
    try scratch.write(config, to: "config.json")
    if let generation { try scratch.write(generation, to: "generation_config.json") }
    try scratch.write(safetensors(header: "{}"), to: "model.safetensors")
    return try body(ModelFolder(path: scratch.path))
  }
}
