import Faults
import ScratchFolders
import Testing

@testable import Checkpoints

@Suite struct ModelCatalogTests {
  /// A cache of seeds of one model, a training without a main revision, a repository of which only a tokenizer is there; and
  /// folders.
  private func catalog(in scratch: Scratch) throws -> ModelCatalog {
    for seed in [0, 2, 10] {
      try add("org/seed_\(seed)", ["main": "c0ffee"], in: scratch)
    }
    try add("org/steps", ["step1000": "beef1", "step2": "beef2", "pr/1": "beef2"], in: scratch)
    try scratch.write("{}", to: "hub/models--org--words/snapshots/abcd/tokenizer.json")
    try scratch.write("abcd", to: "hub/models--org--words/refs/main")
    for step in ["step2", "step10", ".step3"] { try model("checkpoints/\(step)", in: scratch) }
    try scratch.write("", to: "checkpoints/step10/other.safetensors")
    try scratch.write("", to: "checkpoints/lonely.bin")
    try scratch.write("", to: "checkpoints/stepless/optimizer.pt")
    try scratch.write("", to: "checkpoints/notes.txt")
    return ModelCatalog(environment: ["HF_HUB_CACHE": "\(scratch.path)/hub", "HOME": scratch.path])
  }

  private func add(_ repository: String, _ revisions: [String: String], in scratch: Scratch) throws {
    let folder = "hub/models--" + repository.split(separator: "/").joined(separator: "--")
    for (name, commit) in revisions {
      try scratch.write(commit, to: "\(folder)/refs/\(name)")
      try model("\(folder)/snapshots/\(commit)", in: scratch)
    }
  }

  private func model(_ folder: String, in scratch: Scratch) throws {
    try scratch.write("{}", to: "\(folder)/config.json")
    try scratch.write("", to: "\(folder)/model.safetensors")
  }

  @Test func withoutAPatternAllOfTheCache() throws {
    let scratch = try Scratch()
    let all = try catalog(in: scratch).models(matching: nil)
    #expect(
      all == [
        "demo", "demo-gpt2", "hf:org/seed_0", "hf:org/seed_2", "hf:org/seed_10", "hf:org/steps@pr/1",
        "hf:org/steps@step2",
        "hf:org/steps@step1000",
      ])
    #expect(try ModelCatalog(environment: [:]).models(matching: nil) == ["demo", "demo-gpt2"])
  }

  @Test(arguments: [
    ("hf:org/seed_*", ["hf:org/seed_0", "hf:org/seed_2", "hf:org/seed_10"]), ("hf:*_2", ["hf:org/seed_2"]),
    ("hf:org/steps@step*", ["hf:org/steps@step2", "hf:org/steps@step1000"]),
    ("hf:org/seed_[0-9]@main", ["hf:org/seed_0@main", "hf:org/seed_2@main"]),
    ("demo*", ["demo", "demo-gpt2"]),
    ("DIR/checkpoints/step*", ["DIR/checkpoints/step2", "DIR/checkpoints/step10"]),
    ("~/checkpoints/step?", ["~/checkpoints/step2"]), ("~/*/step2", ["~/checkpoints/step2"]),
    ("DIR/checkpoints/.*", ["DIR/checkpoints/.step3"]),
    (
      "DIR/checkpoints/*/*.safetensors",
      [
        "DIR/checkpoints/step2/model.safetensors", "DIR/checkpoints/step10/model.safetensors",
        "DIR/checkpoints/step10/other.safetensors",
      ]
    ), ("DIR/checkpoints/step10", ["DIR/checkpoints/step10"]),
  ])
  func patterns(pattern: String, models: [String]) throws {
    let scratch = try Scratch()
    let found = try catalog(in: scratch).models(matching: pattern.replacing("DIR", with: scratch.path))
    #expect(found == models.map { $0.replacing("DIR", with: scratch.path) })
    for model in found {
      #expect(throws: Never.self) {
        try ModelLocator.folder(
          for: model, environment: ["HF_HUB_CACHE": "\(scratch.path)/hub", "HOME": scratch.path])
      }
    }
  }

  @Test(
    arguments: [
      (
        "hf:org/sede_1", "no model matches \"hf:org/sede_1\": looked at the 5 models in DIR/hub",
        "close to it: hf:org/seed_0, hf:org/seed_10, hf:org/seed_2"
      ),
      (
        "hf:xyzzy/*", "no model matches \"hf:xyzzy/*\": looked at the 5 models in DIR/hub",
        "nothing is downloaded by this program; `hf download org/name` does"
      ),
      ("DIR/checkpoints/x*", "no model matches \"DIR/checkpoints/x*\": looked at DIR/checkpoints", nil),
      (
        "DIR/check*", "no model matches \"DIR/check*\": looked at 1 folder that matches and holds no model",
        "a model lies below: DIR/checkpoints/.step3"
      ),
      (
        "DIR/checkpoints/*.bin",
        "no model matches \"DIR/checkpoints/*.bin\": looked at 1 file that matches, without a config.json beside it",
        nil
      ),
    ] as [(String, String, String?)])
  func nothing(pattern: String, message: String, remedy: String?) throws {
    let scratch = try Scratch()
    let catalog = try catalog(in: scratch)
    let found = fault(in: scratch) {
      _ = try catalog.models(matching: pattern.replacing("DIR", with: scratch.path))
    }
    #expect(found?.message == message)
    #expect(found?.remedy?.replacing(scratch.path, with: "DIR") == remedy)
  }

  @Test func theWalkStops() throws {
    let scratch = try Scratch()
    let catalog = try catalog(in: scratch)
    for pattern in [nil, "hf:*", "\(scratch.path)/*/*"] {
      #expect(throws: Interrupted.self) {
        try Interruption.asking({ throw Interrupted() }) { _ = try catalog.models(matching: pattern) }
      }
    }
  }
}
