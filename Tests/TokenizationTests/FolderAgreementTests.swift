import FixtureFiles
import Foundation
import JSONReading
import Testing

@testable import Tokenization

/// Folders of many layouts, read as transformers reads them; made by scripts/fixtures/make-tokenizer-folder-fixtures.py.
struct FolderAgreementTests {
  @Test func everyFolderGivesTheLibrarysEncodings() throws {
    let file = FixtureFiles.folder.appending(path: "tokenizer/folders.jsonl")
    let folders = try rows(file)
    #expect(folders.count >= 100)
    var texts = 0
    for folder in folders {
      let seed = try folder.required("seed").count()
      guard let tokenizer = try load(folder, seed: seed) else { continue }
      for row in try folder.required("texts").elements() {
        texts += 1
        let text = try row.required("text").string()
        let expected =
          try row.required("lacks").bool() ? nil : [row.integers("ids"), row.integers("offsets")]
        let found = try? tokenizer.encode(text)
        let parts = found.map { encoding in
          [encoding.ids.map(Int.init), encoding.offsets.flatMap { [$0.lowerBound, $0.upperBound] }]
        }
        #expect(parts == expected, "seed \(seed), \(text.debugDescription)")
      }
    }
    print("tokenizer folders: \(folders.count), texts: \(texts)")
  }

  private func load(_ folder: JSONField, seed: Int) throws -> Tokenizer? {
    let files = try folder.required("files")
    do {
      return try Tokenizer.load(
        Tokenizer.Files { try files.optional($0).map { Array(try $0.string().utf8) } }, positions: 512)
    } catch {
      Issue.record("seed \(seed): \(error)")
      return nil
    }
  }
}
