import Foundation
import Tokenization

/// Times loading a tokenizer and encoding a text, once for each line on standard input.
///
///     ipsh-bench tokenizer folder=PATH
///
/// The first line is the path of the text. Prints the seconds of loading and how many bytes and tokens the text has, then the
/// seconds of each encoding.
struct TokenizerBenchmark {
  private let folder: URL

  init(folder: String) { self.folder = URL(filePath: folder) }

  func run() throws {
    var tokenizer: Tokenizer?
    let loading = try ContinuousClock().measure {
      tokenizer = try Tokenizer.load(
        Tokenizer.Files { try? Array(Data(contentsOf: folder.appending(path: $0))) }, positions: .max)
    }
    guard let tokenizer, let path = readLine() else { return }
    let bytes = try Data(contentsOf: URL(filePath: path))
    let text = String(decoding: bytes, as: UTF8.self)
    printLine("\(loading / .seconds(1)) \(bytes.count) \(try tokenizer.encode(text).count)")
    while readLine() != nil {
      let duration = try ContinuousClock().measure { _ = try tokenizer.encode(text) }
      printLine("\(duration / .seconds(1))")
    }
  }
}
