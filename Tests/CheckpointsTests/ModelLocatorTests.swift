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
    ("hf:org/small@c0ff", "models--org--small/snapshots/c0ffee"),
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
        "hf:org/small@v2", "no snapshot of org/small at revision v2, found main, pr/1",
        "hf:org/small@main"
      ),
      (
        "hf:solo@step100", "no snapshot of solo at revision step100, found beef", "hf:solo@beef"
      ),
      (
        "hf:org/small@c0f", "no snapshot of org/small at revision c0f, found main, pr/1", "hf:org/small@main"
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

  /// As the models that were published at every thousandth step of their training.
  @Test func revisionsOfATraining() throws {
    let scratch = try Scratch()
    let environment = ["HF_HUB_CACHE": "\(scratch.path)/hub"]
    let model = "hub/models--org--steps"
    for (index, step) in ["step1000", "step143000", "step20000", "step512", "main"].enumerated() {
      try scratch.write("abcd\(index)", to: "\(model)/refs/\(step)")
      try scratch.write("{}", to: "\(model)/snapshots/abcd\(index)/config.json")
    }
    try scratch.write("{}", to: "\(model)/snapshots/beef9/config.json")
    try scratch.write("0123", to: "\(model)/refs/step3")
    try scratch.write("../../x", to: "\(model)/refs/step4")
    let revisions = try ModelLocator.revisions(of: "hf:org/steps", environment: environment)
    #expect(revisions.map(\.name) == ["main", "step512", "step1000", "step20000", "step143000", "beef9"])
    #expect(revisions[1].commit == "abcd3" && revisions[1].path == "\(scratch.path)/\(model)/snapshots/abcd3")
    let specifier = try ModelLocator.specifier("hf:org/steps", revision: "step1000")
    #expect(specifier == "hf:org/steps@step1000")
    #expect(
      try ModelLocator.folder(for: specifier, environment: environment)
        == "\(scratch.path)/\(model)/snapshots/abcd0")
    for (revision, message, remedy) in [
      (
        "step3",
        "no snapshot of org/steps at revision step3, found "
          + "main, step512, step1000, step20000, step143000, beef9", "hf:org/steps@step512"
      ),
      ("abcd", "abcd begins several commits of org/steps: abcd0, abcd1, abcd2, abcd3, abcd4", nil),
    ] as [(String, String, String?)] {
      let found = fault(in: scratch) {
        _ = try ModelLocator.folder(for: "hf:org/steps@\(revision)", environment: environment)
      }
      #expect(found?.message == message)
      if remedy != nil { #expect(found?.remedy != nil) } else { #expect(found?.remedy == nil) }
    }
  }

  @Test func revisionsOfWhatHasNone() throws {
    let scratch = try Scratch()
    let environment = try cache(in: scratch)
    #expect(try ModelLocator.specifier("demo", revision: nil) == "demo")
    for (model, message) in [
      ("demo", "expected hf:org/name beside revision=v1, found \"demo\""),
      ("hf:a/b@v2", "expected one revision, found \"hf:a/b@v2\" and revision=v1"),
    ] {
      let found = fault(in: scratch) { _ = try ModelLocator.specifier(model, revision: "v1") }
      #expect(found?.message == message)
    }
    for (name, message) in [
      ("hf:org/none", "no model org/none among the 2 in DIR/hub"),
      ("hf:a/b/c", "expected hf:org/name, found \"hf:a/b/c\""),
      ("hf:org/small@main", "expected hf:org/name, found \"hf:org/small@main\""),
      ("demo", "expected hf:org/name, found \"demo\""),
    ] {
      let found = fault(in: scratch) { _ = try ModelLocator.revisions(of: name, environment: environment) }
      #expect(found?.message == message)
    }
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
      other?.message
        == "expected a folder or a file .safetensors or .bin of weights, found DIR/bert-small/config.json")
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
    #expect(ModelLocator.embedded == ["demo", "demo-gpt2"])
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
