import Files
import Foundation
import ScratchFolders
import Testing

@testable import Checkpoints

@Suite struct ModelLocatorTests {
  /// A cache with org/small (main, v1) and solo (no refs).
  private func cache(in scratch: Scratch) throws -> [String: String] {
    try scratch.write("c0ffee\n", to: "hub/models--org--small/refs/main")
    try scratch.write("c0ffee", to: "hub/models--org--small/refs/pr/1")
    try scratch.write("{}", to: "hub/models--org--small/snapshots/c0ffee/config.json")
    try scratch.write("{}", to: "hub/models--solo/snapshots/beef/config.json")
    try scratch.write("", to: "hub/models--org--empty/refs/main")
    try scratch.write("", to: "hub/datasets--org--data/refs/main")
    return ["HF_HUB_CACHE": "\(scratch.path)/hub"]
  }

  @Test func cachedModels() throws {
    let scratch = try Scratch()
    let environment = try cache(in: scratch)
    #expect(ModelLocator.cached(environment: environment) == ["hf:org/small", "hf:solo"])
    #expect(ModelLocator.cached(environment: ["HOME": scratch.path]) == [])
    #expect(ModelLocator.cached(environment: [:]) == [])
  }

  @Test(arguments: [
    ("hf:org/small", "models--org--small/snapshots/c0ffee"),
    ("hf:org/small@main", "models--org--small/snapshots/c0ffee"),
    ("hf:org/small@pr/1", "models--org--small/snapshots/c0ffee"),
    ("hf:org/small@c0ffee", "models--org--small/snapshots/c0ffee"),
    ("hf:solo@beef", "models--solo/snapshots/beef"),
  ])
  func snapshots(specifier: String, folder: String) throws {
    let scratch = try Scratch()
    let environment = try cache(in: scratch)
    let found = try ModelLocator.folder(for: specifier, environment: environment)
    #expect(found == "\(scratch.path)/hub/\(folder)")
  }

  @Test(
    arguments: [
      (
        "hf:org/smal", "no model org/smal among the 2 in DIR/hub", "close to it: hf:org/small"
      ),
      (
        "hf:other/small", "no model other/small among the 2 in DIR/hub", "close to it: hf:org/small"
      ),
      (
        "hf:xyzzy", "no model xyzzy among the 2 in DIR/hub",
        "nothing is downloaded by this program; fetch it with: hf download xyzzy"
      ),
      (
        "hf:org/small@v2", "no snapshot of org/small at revision v2, found main, pr/1, c0ffee",
        "hf:org/small@main"
      ),
      ("hf:solo", "no snapshot of solo at revision main, found beef", "hf:solo@beef"),
      ("hf:", "expected hf:org/name or hf:org/name@revision, found \"hf:\"", nil),
      ("hf:a/b/c", "expected hf:org/name or hf:org/name@revision, found \"hf:a/b/c\"", nil),
      ("hf:../x", "expected hf:org/name or hf:org/name@revision, found \"hf:../x\"", nil),
      ("hf:a/b@../../x", "expected hf:org/name or hf:org/name@revision, found \"hf:a/b@../../x\"", nil),
      ("hf:a/b@", "expected hf:org/name or hf:org/name@revision, found \"hf:a/b@\"", nil),
    ] as [(String, String, String?)])
  func repositoryFaults(specifier: String, message: String, remedy: String?) throws {
    let scratch = try Scratch()
    let environment = try cache(in: scratch)
    let found = fault(in: scratch) { _ = try ModelLocator.folder(for: specifier, environment: environment) }
    #expect(found?.message == message)
    #expect(found?.remedy == remedy)
  }

  @Test(arguments: [
    (["HF_HUB_CACHE": "/a", "HF_HOME": "/b"], "/a"),
    (["HF_HUB_CACHE": "", "HF_HOME": "/b"], "/b/hub"),
    (["HF_HOME": "~/b", "HOME": "/h"], "/h/b/hub"),
    (["XDG_CACHE_HOME": "/c", "HOME": "/h"], "/c/huggingface/hub"),
    (["HOME": "/h"], "/h/.cache/huggingface/hub"),
  ])
  func cachePlaces(environment: [String: String], path: String) {
    #expect(HubCache(environment: environment)?.path == path)
  }

  @Test func withoutAnyVariable() throws {
    let found = fault(in: try Scratch()) { _ = try ModelLocator.folder(for: "hf:a/b", environment: [:]) }
    #expect(found?.message == "where the Hugging Face cache lies is unknown: HOME and HF_HOME are not set")
  }

  @Test func paths() throws {
    let scratch = try Scratch()
    try scratch.write("{}", to: "bert-small/config.json")
    try scratch.write("", to: "bert-small/x.safetensors")
    let environment = ["HOME": scratch.path]
    #expect(
      try ModelLocator.folder(for: "~/bert-small", environment: environment) == "\(scratch.path)/bert-small")
    let file = "\(scratch.path)/bert-small/x.safetensors"
    #expect(try ModelLocator.folder(for: file, environment: environment) == file)
    let typo = fault(in: scratch) {
      _ = try ModelLocator.folder(for: "~/bert-smal", environment: environment)
    }
    #expect(typo?.message == "no model at DIR/bert-smal")
    #expect(typo?.remedy == "did you mean DIR/bert-small?")
    let config = "\(scratch.path)/bert-small/config.json"
    let other = fault(in: scratch) { _ = try ModelLocator.folder(for: config, environment: environment) }
    #expect(
      other?.message == "expected a folder or a safetensors file, found DIR/bert-small/config.json")
  }

  @Test func namesThatNeedAPrefix() throws {
    let scratch = try Scratch()
    let environment = try cache(in: scratch)
    for (name, remedy) in [("org/small", "did you mean hf:org/small?"), ("dmeo", "did you mean demo?")] {
      let found = fault(in: scratch) { _ = try ModelLocator.folder(for: name, environment: environment) }
      #expect(found?.remedy == remedy)
    }
  }
}

@Suite struct EmbeddedModelTests {
  /// The test runner lies in the build folder, beside the resources, as the program does.
  @Test func loadsBesideTheExecutable() throws {
    #expect(ModelLocator.embedded == ["demo"])
    let folder = try ModelLocator.folder(for: "demo", environment: [:])
    let model = try ModelFolder(path: folder)
    #expect(model.name == "demo")
    let name = "bert.embeddings.word_embeddings.weight"
    #expect(model.checkpoint.dtype(of: name) == .f16)
    #expect(try model.checkpoint.tensor(named: name).shape == [10_000, 384])
    try model.checkpoint.verifyFinite()
  }

  @Test func looksInTheInstallationFirst() throws {
    let scratch = try Scratch()
    let models = EmbeddedModels(executableFolder: "\(scratch.path)/bin")
    let found = fault(in: scratch) { _ = try models.folder(of: "demo") }
    #expect(
      found?.message == "the embedded model \"demo\" is not installed: "
        + "looked at DIR/share/ipsh/models/demo, DIR/bin/ipsh_Checkpoints.resources/demo")
    try scratch.write("{}", to: "bin/ipsh_Checkpoints.resources/demo/config.json")
    #expect(try models.folder(of: "demo") == "\(scratch.path)/bin/ipsh_Checkpoints.resources/demo")
    try scratch.write("{}", to: "share/ipsh/models/demo/config.json")
    #expect(try models.folder(of: "demo") == "\(scratch.path)/share/ipsh/models/demo")
  }
}
