import Faults
import Foundation
import Results
import Tensors
import Testing

@testable import Rendering

private func page(_ grid: HeatmapGrid) throws -> String {
  String(decoding: try FileFormats.encode(.figure(.heatmaps(grid)), name: "a", for: "a.html"), as: UTF8.self)
}

private func grid(
  tokens: [String], heads: Int, patterns: PatternPlot? = nil, _ weight: (Int) -> Float
) -> HeatmapGrid {
  let n = tokens.count
  return HeatmapGrid(
    title: "attention <L0>",
    attention: .init(
      heads: (0..<heads).map { .init(layer: 0, number: $0) }, focus: n - 1, patterns: patterns),
    tokens: tokens, values: Tensor(shape: [heads, n, n], (0..<(heads * n * n)).map(weight)))
}

private struct PageData: Decodable {
  let tokens: [String]
  let kept: Int
  let heads: [[Int]]
  let weights: [String]
  let focus: Int
}

/// What the page's script reads.
private func data(_ page: String) throws -> PageData {
  let start = try #require(page.range(of: "id=\"data\">")).upperBound
  let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
  return try JSONDecoder().decode(PageData.self, from: Data(page[start..<end].utf8))
}

@Test func aTokenDoesNotEndTheScript() throws {
  let tokens = ["</script>", "<!--", "\"'&\\", "\u{2028}", "]]>"]
  let text = try page(grid(tokens: tokens, heads: 2) { Float($0 % 5) / 10 })
  #expect(try data(text).tokens == tokens)
  // Those of the data and of four scripts.
  #expect(text.components(of: "</script>") == 5)
  #expect(text.contains("<title>attention &lt;L0&gt;</title>"))
  for outside in ["href", "src=", "http:", "https:", "@import", "url("] {
    #expect(!text.replacing("http://www.w3.org/2000/svg", with: "").contains(outside), "\(outside)")
  }
}

@Test func everyWeightIsInAShortPage() throws {
  let found = try data(page(grid(tokens: ["a", "b", "c"], heads: 2) { Float($0) / 17 }))
  #expect(found.kept == 3 && found.heads == [[0, 0], [0, 1]] && found.focus == 2)
  for (head, text) in found.weights.enumerated() {
    let decoded = Data(base64Encoded: text)
    let bytes = try #require(decoded)
    #expect(bytes.count == 9)
    for (place, byte) in bytes.enumerated() {
      let weight = Float(head * 9 + place) / 17
      #expect(abs(AttentionWeights.weight(byte) - weight) <= 0.004)
    }
  }
}

@Test func ofALongTextTheGreatestWeightsAreKept() throws {
  let weights = try #require(AttentionWeights(heads: 400, length: 256))
  #expect(weights.kept < 256 && weights.kept >= AttentionWeights.fewest)
  // Each query reads itself, the rest evenly.
  let values = (0..<(256 * 256)).map { Float($0 / 256 == $0 % 256 ? 0.5 : 0.5 / 255) }
  let bytes = try weights.bytes(Tensor(shape: [256, 256], values))
  let kept = weights.kept
  #expect(bytes.count == 256 * (3 * kept + 1))
  for query in [0, 100, 255] {
    let keys = (0..<kept).map { place -> Int in
      let start = 2 * (query * kept + place)
      return Int(bytes[start]) | Int(bytes[start + 1]) << 8
    }
    #expect(keys.contains(query) && Set(keys).count == kept)
    let rest = AttentionWeights.weight(bytes[256 * 3 * kept + query])
    #expect(abs(rest - 0.5 * Float(256 - kept) / 255) < 0.03)
  }
}

@Test func moreHeadsThanAPageHoldsAreRefused() throws {
  #expect(AttentionWeights(heads: 144, length: 512)?.kept ?? 0 >= 32)
  #expect(AttentionWeights(heads: 72, length: 128)?.kept == 128)
  #expect(AttentionWeights(heads: 4096, length: 4096) == nil)
  let most = AttentionWeights.heads(length: 4096)
  #expect(AttentionWeights(heads: most, length: 4096) != nil)
  let fault = RenderingFault.tooManyHeads(path: "a.html", heads: 5000, most: 120)
  #expect(fault.remedy == "draw at most 120 heads of this text, as `heatmap L0-3H* \"heads.html\"`")
}

@Test func patternsStandBesideTheHeadsOnTheirPath() throws {
  let plot = PatternPlots.small
  let text = try page(grid(tokens: PatternPlots.sentence, heads: 1, patterns: plot) { _ in 0.1 })
  #expect(text.contains(#"{"position": 2, "heads": [[1, 3], [2, 11]]}"#))
  #expect(text.contains("<section class=\"patterns\">"))
  #expect(text.contains("data-words=\"2,6\""))
}

@Test(arguments: [[UInt8](), [1], [1, 2], [1, 2, 3], Array(0...255)]) func base64IsThatOfFoundation(
  bytes: [UInt8]
) {
  let expected = Data(bytes).base64EncodedString()
  #expect(base64(bytes) == expected)
}
