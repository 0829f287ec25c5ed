import Results
import Tensors
import Testing

@testable import Rendering

private func grid(_ heads: [(Int, Int)], _ tokens: [String], _ values: [Float], hint: String? = nil)
  -> HeatmapGrid
{
  HeatmapGrid(
    title: "attention", attention: .init(heads: heads.map { .init(layer: $0, number: $1) }), tokens: tokens,
    values: Tensor(shape: [heads.count, tokens.count, tokens.count], values), hint: hint)
}

private let two = grid(
  [(0, 0), (1, 3)], ["a", "b", "c"],
  [1, 0, 0, 0.5, 0.5, 0, 0.25, 0.25, 0.5] + Array(repeating: 1 / 3, count: 9),
  hint: "`x` draws one")

private func text(_ grid: HeatmapGrid, _ options: RenderOptions = RenderOptions()) -> String {
  table(.figure(.heatmaps(grid)), options)
}

private func table(_ value: Value, _ options: RenderOptions) -> String {
  rendered { try TableLayout(options).lines(value).joined(separator: "\n").ansi }
}

@Test func headsOfALayerBeginALine() {
  #expect(
    text(two) == """
      attention
      L0H0
      █··
      ▒▒·
      ░░▒

      L1H3
      ░░░
      ░░░
      ░░░

      0 ·░▒▓█ 1
      query down, key across
      `x` draws one
      """)
}

@Test func headsStandSideBySideAsFarAsTheyFit() {
  let four = grid((0..<4).map { (2, $0) }, ["a", "b"], Array(repeating: 1, count: 16))
  let lines = text(four, RenderOptions(width: 12, unicode: false)).split(separator: "\n").map(String.init)
  #expect(lines[1...3] == ["L2H0  L2H1", "@@    @@", "@@    @@"])
  #expect(lines[4] == "L2H2  L2H3")
}

@Test func inColourTwoRowsAreALine() {
  let lines = text(two, RenderOptions(color: true)).split(separator: "\n").map(String.init)
  // Its first and second row in one character, the third alone.
  #expect(lines[2].hasPrefix("\u{1B}[38;5;17;48;5;73m▀"))
  #expect(lines[3].hasPrefix("\u{1B}[38;5;"))
  #expect(!lines[3].contains(";48;5;"))
}

@Test func mapsThatDoNotFitAreCoarser() {
  let long = grid([(0, 0), (0, 1)], (0..<100).map { "w\($0)" }, Array(repeating: 0.01, count: 20_000))
  let lines = text(long, RenderOptions(width: 80)).split(separator: "\n").map(String.init)
  #expect(lines.contains("each cell is the greatest of 6 x 6"))
  #expect(lines.allSatisfy { displayWidth($0) <= 80 })
}

@Test(arguments: [1, 3, 8, 30, .max]) func everyWidthHasALine(width: Int) {
  for color in [false, true] { #expect(!text(two, RenderOptions(width: width, color: color)).isEmpty) }
}

@Test func machineFormatsHoldEveryCell() throws {
  let value = Value.figure(.heatmaps(two))
  #expect(
    try JSONText.string(value).hasPrefix(
      #"{"title": "attention", "panels": ["L0H0", "L1H3"], "rows": ["a", "b", "c"], "columns": ["a", "b", "c"], "data": [[[1, 0, 0]"#
    ))
  let lines = try SeparatedText.csv.string(value).split(separator: "\r\n").map(String.init)
  #expect(lines.count == 19 && lines[0] == "panel,query,key,value" && lines[4] == "L0H0,b,a,0.5")
}

// MARK: Coloured words

private let words = ColoredWords(
  title: "influence of tokens", axis: "influence",
  words: [("the", 0.5), ("作者", -2), ("</script>", 0), ("x", .nan)].map { .init(text: $0, value: $1) })

@Test func wordsHaveTheColourOfTheirNumber() {
  let lines = table(.figure(.words(words)), RenderOptions(color: true)).split(separator: "\n").map(
    String.init)
  #expect(lines[0] == "\u{1B}[1minfluence of tokens\u{1B}[0m")
  #expect(
    lines[1] == "\u{1B}[48;5;217;38;5;16m the \u{1B}[0m \u{1B}[48;5;18;38;5;231m 作者 \u{1B}[0m "
      + "\u{1B}[48;5;255;38;5;16m </script> \u{1B}[0m \u{1B}[48;5;247;38;5;16m x \u{1B}[0m")
  #expect(lines[2].hasPrefix("influence  -2 "))
}

@Test func withoutColourWordsHaveTheirNumbers() {
  #expect(
    table(.figure(.words(words)), RenderOptions(width: 30)) == """
      influence of tokens
      the(+0.5) 作者(-2)
      </script>(0) x(nan)
      """)
}

@Test func aPageOfWordsHoldsTheDrawing() throws {
  let page = String(
    decoding: try FileFormats.encode(.figure(.words(words)), name: "w", for: "w.html"), as: UTF8.self)
  #expect(page.contains("&lt;/script&gt;") && !page.contains("</script>"))
  #expect(page.contains("<title>作者: influence -2</title>"))
}
