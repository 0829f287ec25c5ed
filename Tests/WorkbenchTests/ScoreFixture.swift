import FixtureFiles
import Foundation

/// What Hugging Face transformers gives in float64; see scripts/fixtures/make-score-fixtures.py.
struct ScoreFixture: Decodable {
  struct Score: Decodable {
    let text: String
    let tokens: [String]
    let token: [Double?]
    let l2r: [Double?]
  }

  let scores: [Score]
  /// correct - wrong of the first rows of sva_obj.
  let sva_obj: [Double]
  /// The same without a head.
  let without: [String: [Double]]

  static func read() throws -> ScoreFixture {
    let file = FixtureFiles.folder.appending(path: "scores/demo.json")
    return try JSONDecoder().decode(ScoreFixture.self, from: try Data(contentsOf: file))
  }
}

/// The result of the last line of a script whose results print as JSON.
func jsonResult<R: Decodable>(_ script: String, as type: R.Type = R.self) throws -> R {
  try TestShell(format: "json").result(script, as: type)
}

extension TestShell {
  /// The last result of a script, in a shell that prints JSON.
  func result<R: Decodable>(_ script: String, as type: R.Type) throws -> R {
    guard let line = try run(script).split(separator: "\n").last else { throw NoResult() }
    return try JSONDecoder().decode(ResultLine<R>.self, from: Data(line.utf8)).result
  }
}

private struct ResultLine<R: Decodable>: Decodable { let result: R }

struct NoResult: Error {}

extension Sequence<Double> {
  var mean: Double {
    var (sum, count) = (0.0, 0.0)
    for value in self { (sum, count) = (sum + value, count + 1) }
    return sum / count
  }
}
