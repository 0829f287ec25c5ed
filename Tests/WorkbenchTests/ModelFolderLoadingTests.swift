import FixtureFiles
import Foundation
import Testing

@testable import Language
@testable import Workbench

/// Folders as they are found, loaded by the command: what is said, and what is computed.
@Suite struct ModelFolderLoadingTests {
  /// A copy of a small model's folder with some of its files written anew; null takes a key out of config.json.
  private func folder(
    _ model: String, in shell: TestShell, config changes: [String: Any] = [:], files: [String: String] = [:]
  ) throws -> String {
    let folder = shell.path(model)
    try FileManager.default.copyItem(atPath: FixtureFiles.model(model).path, toPath: folder)
    let file = URL(filePath: folder + "/config.json")
    var config = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    for (key, value) in changes { config[key] = value is NSNull ? nil : value }
    try JSONSerialization.data(withJSONObject: config).write(to: file)
    for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)")) }
    return folder
  }

  /// What a script prints, and what it writes to standard error without the path.
  private func run(_ shell: (Int32) throws -> (TestShell, String), _ script: String) throws -> (
    String, String
  ) {
    let pipe = Pipe()
    let (shell, folder) = try shell(pipe.fileHandleForWriting.fileDescriptor)
    let output = try shell.run("load \"\(folder)\"\n" + script)
    try pipe.fileHandleForWriting.close()
    let errors = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    return (output, errors.replacingOccurrences(of: folder, with: "DIR"))
  }

  private func run(
    _ model: String, config: [String: Any] = [:], files: [String: String] = [:], _ script: String
  ) throws -> (output: String, errors: String) {
    try run(
      { errors in
        let shell = try TestShell(errors: errors)
        return (shell, try folder(model, in: shell, config: config, files: files))
      }, script)
  }

  private func vocabulary(_ model: String) throws -> [String] {
    return try String(contentsOf: FixtureFiles.model(model).appending(path: "vocab.txt"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  @Test func headsThatAreNotComputedAreNamed() throws {
    for name in ["BertForTokenClassification", "BertForMultipleChoice"] {
      let (output, errors) = try run("three-classes", config: ["architectures": [name]], "text \"the cat\"")
      #expect(output.contains("; bare encoder"))
      #expect(
        errors.contains(
          "warning: DIR: config.json names \(name), whose head (classifier.*) is not computed: "
            + "it is loaded without it"), "\(errors)")
    }
    let (_, errors) = try run("three-classes", "text \"the cat\"")
    #expect(errors == "")
  }

  @Test func oldConfigurationsLoadByTheNamesOfTheWeights() throws {
    let old: [String: Any] = [
      "model_type": NSNull(), "architectures": NSNull(), "id2label": NSNull(), "label2id": NSNull(),
      "num_labels": 3,
    ]
    let (output, errors) = try run("three-classes", config: old, "forward \"the cat\" labels")
    #expect(output.contains("LABEL_2"))
    #expect(errors.contains("classifier.* is taken for a classifier of texts, not of tokens"))
    let (masked, silence) = try run(
      "relu", config: ["model_type": NSNull(), "architectures": NSNull()], "forward \"the [MASK]\"")
    #expect(masked.contains("predictions") && silence == "")
  }

  @Test func numberOfLabelsOutranksTheirNames() throws {
    let (output, _) = try run(
      "three-classes", config: ["id2label": ["0": "a", "1": "b"], "num_labels": 3],
      "forward \"the cat\" labels")
    #expect(output.contains("LABEL_0") && output.contains("LABEL_2"))
  }

  /// Rows behind the last token are predicted and shown by number.
  @Test func moreRowsThanTokens() throws {
    let words = try vocabulary("relu")
    let (output, errors) = try run(
      "relu", files: ["vocab.txt": words.dropLast(2).joined(separator: "\n") + "\n"],
      """
      forward "the [MASK]" top=40
      let r = forward("the [MASK]", top=40)
      print sum(r.predictions.prob)
      print M.vocabulary
      """.replacingOccurrences(of: "M.", with: "relu."))
    #expect(output.contains("38 word pieces in 40 rows"))
    #expect(output.contains("  id[38]  ") && output.contains("  id[39]  "), "\(output)")
    #expect(errors == "")
  }

  @Test func fewerRowsThanTokens() throws {
    let shell = try TestShell()
    let words = try vocabulary("relu") + ["more"]
    let folder = try folder("relu", in: shell, files: ["vocab.txt": words.joined(separator: "\n")])
    #expect(
      shell.failure("load \"\(folder)\"").contains(
        "vocabulary size mismatch: word embeddings have 40 rows, the vocabulary has 41 entries"))
  }

  @Test func onlyWhatNeedsAMissingTokenFails() throws {
    let words = try vocabulary("relu").map { ["[MASK]": "mmm", "[PAD]": "ppp"][$0] ?? $0 }
    let shell = try TestShell()
    let folder = try folder("relu", in: shell, files: ["vocab.txt": words.joined(separator: "\n")])
    let output = try shell.run(
      """
      load "\(folder)"
      text "the cat likes"
      forward position=2 top=1
      baseline zero
      qoi is - are at=2
      influence
      """)
    #expect(output.contains("predictions"))
    for script in ["text \"the [MASK]\"", "influence baseline=mask", "score \"the cat\""] {
      #expect(shell.failure(script).contains("vocab.txt has no [MASK], the mask token"), "\(script)")
    }
    #expect(shell.failure("influence baseline=pad").contains("vocab.txt has no [PAD], the padding token"))
  }

  @Test func capitalsThatCanNeverOccurAreCounted() throws {
    let words = try vocabulary("relu").map { ["cat": "Cat", "cats": "Cats"][$0] ?? $0 }
    let files = ["vocab.txt": words.joined(separator: "\n") + "\n"]
    let (output, errors) = try run("relu", files: files, "tokenize \"Cat\"")
    #expect(output.contains("[UNK]"))
    #expect(
      errors.contains(
        "no file says do_lower_case: texts are lower-cased, so that 2 of 40 entries can never occur"))
    let cased = files.merging(["tokenizer_config.json": "{\"do_lower_case\": false}"]) { first, _ in first }
    let (found, silence) = try run("relu", files: cased, "tokenize \"Cat\"")
    #expect(found.contains("Cat ") && silence == "")
  }

  @Test func lengthsAtWhichTextsWouldBeCutAreNoLimit() throws {
    let files = ["tokenizer_config.json": "{\"do_lower_case\": true, \"model_max_length\": 6}"]
    let (output, errors) = try run("relu", files: files, "forward \"the cat likes the [MASK]\" top=1")
    #expect(output.contains("predictions"))
    #expect(
      errors.contains(
        "warning: the text has 7 tokens, more than the 6 that model_max_length of tokenizer_config.json says; "
          + "computed as a whole, since the model has 16 positions"))
    let shell = try TestShell()
    let folder = try folder("relu", in: shell, files: files)
    try shell.run("load \"\(folder)\"")
    #expect(
      shell.failure("text \"\(String(repeating: "the ", count: 15))\"").contains(
        "the text has 17 tokens with its special tokens, the limit is 16, max_position_embeddings of config.json"
      ))
  }

  @Test func anAdapterBesideAModelIsNamed() throws {
    let (_, errors) = try run("relu", files: ["adapter_config.json": "{}"], "print 1")
    #expect(errors.contains("the adapter that adapter_config.json describes is not applied"))
  }
}
