import FixtureFiles
import Foundation
import JSONReading

@testable import Tokenization

func bytes(_ url: URL) throws -> [UInt8] { try Array(Data(contentsOf: url)) }

/// The objects of a file with one JSON object a line.
func rows(_ url: URL) throws -> [JSONField] {
  try bytes(url).split(separator: UInt8(ascii: "\n")).map { try JSONField(document: Array($0)) }
}

extension JSONField {
  func integers(_ key: String) throws -> [Int] { try required(key).elements().map { try $0.count() } }
}

/// BERT's four combinations of lower case and stripped accents, as the data name them.
let modes: [String: Tokenizer.Options] = [
  "uncased": options(lowercase: true, stripAccents: nil),
  "cased": options(lowercase: false, stripAccents: nil),
  "uncased_keep_accents": options(lowercase: true, stripAccents: false),
  "cased_strip_accents": options(lowercase: false, stripAccents: true),
]

private func options(lowercase: Bool, stripAccents: Bool?) -> Tokenizer.Options {
  Tokenizer.Options(lowercase: lowercase, stripAccents: stripAccents, maxLength: .max)
}

func tokenizers(vocabulary: Vocabulary) throws -> [String: Tokenizer] {
  try modes.mapValues { try Tokenizer(vocabulary: vocabulary, options: $0) }
}

/// The vocabulary of the embedded model.
func demoVocabulary() throws -> Vocabulary {
  try Vocabulary(vocabText: bytes(FixtureFiles.demo.appending(path: "vocab.txt")))
}
