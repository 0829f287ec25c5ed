import ExactText
import FixtureFiles
import Foundation
import JSONReading
import Testing

@testable import Tokenization

/// Random texts through odd pipelines, each part of a tokenizer.json at least once, against Hugging Face `tokenizers`; made by
/// scripts/fixtures/make-pipeline-fixtures.py.
struct PipelineAgreementTests {
  static let config = Array(#"{"tokenizer_class": "PreTrainedTokenizerFast"}"#.utf8)

  @Test func everyPipelineIsTheLibrarys() throws {
    let pipelines = try rows(
      ProcessInfo.processInfo.environment["IPSH_PIPELINES"].map { URL(filePath: $0) }
        ?? FixtureFiles.folder.appending(path: "tokenizer/pipelines.jsonl"))
    #expect(pipelines.count >= 45)
    var (texts, differing) = (0, 0)
    for pipeline in pipelines {
      let name = try pipeline.required("name").string()
      let json = Array(try pipeline.required("json").string().utf8)
      let tokenizer: Tokenizer
      do {
        tokenizer = try Tokenizer.load(
          Tokenizer.Files(tokenizerJSON: json, tokenizerConfig: Self.config), positions: .max)
      } catch {
        Issue.record("\(name): \(error)")
        continue
      }
      var shown = 0
      for row in try pipeline.required("texts").elements() {
        texts += 1
        guard let problem = try difference(tokenizer, row) else { continue }
        differing += 1
        shown += 1
        if shown <= 2 { Issue.record("\(name): \(problem)") }
      }
    }
    #expect(differing == 0)
    print("pipelines: \(pipelines.count), \(texts) texts, \(differing) differ")
  }

  /// What is not as the library has it; nil where nothing is.
  private func difference(_ tokenizer: Tokenizer, _ row: JSONField) throws -> String? {
    let text = try row.required("text").string()
    let pair = try row.optional("pair")?.string()
    do {
      let (whole, bare) = (
        try tokenizer.encode(text, pair: pair), try tokenizer.encode(text, pair: pair, addSpecial: false)
      )
      let found = [
        ("ids", whole.ids.map(Int.init)),
        ("offsets", whole.offsets.flatMap { [$0.lowerBound, $0.upperBound] }),
        ("words", whole.words.map { $0.map { $0 + 1 } ?? 0 }), ("types", whole.types.map(Int.init)),
        ("bare", bare.ids.map(Int.init)),
      ]
      for (key, value) in found where try value != row.integers(key) {
        return "\(text.debugDescription) \(key): \(value), expected \(try row.integers(key))"
      }
      let decoded = [
        ("decoded", try tokenizer.decode(bare.ids)),
        ("whole", try tokenizer.decode(whole.ids, skipSpecial: false)),
      ]
      for (key, value) in decoded where try value != row.required(key).string() {
        return "\(text.debugDescription) \(key): \(value.debugDescription), expected "
          + "\(try row.required(key).string().debugDescription) of \(whole.tokens)"
      }
      return nil
    } catch { return "\(text.debugDescription): \(error)" }
  }
}
