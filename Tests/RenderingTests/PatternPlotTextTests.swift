import Results
import Testing

@testable import Rendering

private func text(_ plot: PatternPlot, _ options: RenderOptions = RenderOptions()) -> String {
  rendered { try TableLayout(options).lines(.figure(.patterns(plot))).joined(separator: "\n").ansi }
}

@Test func wordsAndTheirPatternsOnATerminal() {
  #expect(
    text(PatternPlots.small)
      == """
      is - are, demo
      one sentence

                   input                 embedding             attention
       0 [CLS]    0.0040       │▏                    │                      │
       1 the      0.0040       │▏                    │                      │
       2 author   1.02         │███████   0.82       │█████▋    0.328       │██▎
       3 that     0.0040       │▏                    │                      │
       4 the      0.0040       │▏                    │                      │
       5 guards  -0.762   █████│         -0.61   ████│         -0.244     ▐█│
       6 like     0.250        │█▊        0.20       │█▍        0.080       │▌
       7 [MASK]   0            │                     │                      │
       8 young    0.0040       │▏                    │                      │
       9 .        0.0125       │▏         0.01       │▏         0.004       │▏
      10 [SEP]    0.0040       │▏                    │                      │

                   h0       h1       h2       h3       h4
                   embed    L0       L1       L2       L3
       2 author  +  2 ┄┄┄┄→  2 ─H3─→  2 ─H11→  7 ┄┄┄┄→  7
       5 guards  −  5 ┄┄┄┄→  5 ─H4─→  6 ─H0─→  7 ┄┄┄┄→  7
       6 like    +  6 ┄┄┄┄→  6 ─H1─→  7 ─H2─→  7 ┄┄┄┄→  7

      Q reads h4 L3 at 7 [MASK]   ┄→ skip connection   ─H5→ head 5   7 words below 5 %
      of the influence on the input and of the patterns: no pattern shown
      """)
}

@Test func withoutUnicodeMarksAreASCII() {
  #expect(
    text(PatternPlots.small, RenderOptions(unicode: false))
      == """
      is - are, demo
      one sentence

                   input                 embedding             attention
       0 [CLS]    0.0040       |                     |                      |
       1 the      0.0040       |                     |                      |
       2 author   1.02         |#######   0.82       |######    0.328       |##
       3 that     0.0040       |                     |                      |
       4 the      0.0040       |                     |                      |
       5 guards  -0.762   #####|         -0.61   ####|         -0.244     ##|
       6 like     0.250        |##        0.20       |#         0.080       |#
       7 [MASK]   0            |                     |                      |
       8 young    0.0040       |                     |                      |
       9 .        0.0125       |          0.01       |          0.004       |
      10 [SEP]    0.0040       |                     |                      |

                   h0       h1       h2       h3       h4
                   embed    L0       L1       L2       L3
       2 author  +  2 ....>  2 -H3->  2 -H11>  7 ....>  7
       5 guards  -  5 ....>  5 -H4->  6 -H0->  7 ....>  7
       6 like    +  6 ....>  6 -H1->  7 -H2->  7 ....>  7

      Q reads h4 L3 at 7 [MASK]   .> skip connection   -H5> head 5   7 words below 5 %
      of the influence on the input and of the patterns: no pattern shown
      """)
}

@Test func aNarrowTerminalDropsBarsAndStacksLayers() {
  #expect(
    text(PatternPlots.small, RenderOptions(width: 44))
      == """
      is - are, demo
      one sentence

                 input    embedding  attention
       0 [CLS]    0.0040
       1 the      0.0040
       2 author   1.02     0.82       0.328
       3 that     0.0040
       4 the      0.0040
       5 guards  -0.762   -0.61      -0.244
       6 like     0.250    0.20       0.080
       7 [MASK]   0
       8 young    0.0040
       9 .        0.0125   0.01       0.004
      10 [SEP]    0.0040

                   h0       h1       h2
                   embed    L0       L1
       2 author  +  2 ┄┄┄┄→  2 ─H3─→  2
       5 guards  −  5 ┄┄┄┄→  5 ─H4─→  6
       6 like    +  6 ┄┄┄┄→  6 ─H1─→  7

                   h2       h3       h4
                   L1       L2       L3
       2 author  +  2 ─H11→  7 ┄┄┄┄→  7
       5 guards  −  6 ─H0─→  7 ┄┄┄┄→  7
       6 like    +  7 ─H2─→  7 ┄┄┄┄→  7

      Q reads h4 L3 at 7 [MASK]
      ┄→ skip connection   ─H5→ head 5   7 words
      below 5 % of the influence on the input and
      of the patterns: no pattern shown
      """)
}

@Test func wordsWithSeveralPatternsAreShownLayerByLayer() {
  #expect(
    text(PatternPlots.aggregate)
      == """
      is - are, demo
      100 sentences of a task

                input
      0 the      0.25      │█▋
      1 author   1.50      │██████████
      2 like    -0.75 █████│
      3 [MASK]   0         │

      h0→h1  L0
        + 1 ┄┄┄┄→ 1  100 %   − 2 ─H2─→ 3   88 %   + 0 ┄┄┄┄→ 0   58 %
        + 0 ─H11→ 1   42 %
      h1→h2  L1
        + 1 ─H4→ 3  98 %   − 3 ┄┄┄→ 3  88 %     0 ─H4→ 3  25 %

      Q reads h2 L1 at 3 [MASK]   ┄→ skip connection   ─H5→ most often head 5
      """)
}

@Test func colourTellsSigns() {
  let options = RenderOptions(color: true)
  let lines = text(PatternPlots.aggregate, options).split(separator: "\n").map(String.init)
  #expect(lines[0] == "\u{1B}[1mis - are, demo\u{1B}[0m")
  #expect(lines[1] == "\u{1B}[2m100 sentences of a task\u{1B}[0m")
  #expect(lines[3] == "0 the      0.25      │\u{1B}[38;5;74m█▋\u{1B}[0m")
  #expect(lines[5] == "2 like    -0.75 \u{1B}[38;5;173m█████\u{1B}[0m│")
  #expect(lines[6] == "\u{1B}[1m3 [MASK]\u{1B}[0m   0         │")
  let (positive, negative, none) = ("\u{1B}[38;5;74m", "\u{1B}[38;5;173m", "\u{1B}[38;5;245m")
  #expect(
    lines[11]
      == "  \(positive)+\u{1B}[0m 1 \(positive)─H4→\u{1B}[0m 3  98 %   "
      + "\(negative)−\u{1B}[0m 3 \(negative)┄┄┄→\u{1B}[0m 3  88 %     0 \(none)─H4→\u{1B}[0m 3  25 %")
  #expect(text(PatternPlots.small, options).contains("\u{1B}[2m 9 .        0.0125       │▏         0.01"))
  let trueColor = text(PatternPlots.aggregate, RenderOptions(color: true, trueColor: true))
  #expect(trueColor.contains("\u{1B}[38;2;86;156;214m█▋\u{1B}[0m"))
}

@Test func aDeepPatternIsCutIntoEqualPartsThatFit() {
  let plot = PatternPlots.random(
    tokens: PatternPlots.long, layers: 12, target: 17, words: 3, seed: 1, hidesBelow: 0)
  let lines = text(plot).split(separator: "\n").map(String.init)
  #expect(lines.allSatisfy { displayWidth($0) <= 80 })
  let headings = lines.filter { $0.contains("  h6") }.map { $0.split(separator: " ") }
  #expect(headings == [(0...6).map { "h\($0)" }, (6...12).map { "h\($0)" }])
  let wide = text(plot, RenderOptions(width: 140)).split(separator: "\n")
  #expect(wide.contains { $0.split(separator: " ") == (0...12).map { "h\($0)" } })
}

@Test func onATerminalALayerShowsItsHeaviestEdges() {
  let edges = (0..<20).map { index in
    PatternPlot.Edge(
      layer: 0, from: 0, to: 0, route: .head(index), influence: 1, weight: Double(index) / 20, words: [0])
  }
  let plot = PatternPlot(
    title: "", subtitle: "",
    words: [.init(position: 0, token: "a", input: 1, embedding: nil, attention: nil)], layers: 1, target: 0,
    edges: edges, isAggregate: true)
  let terminal = text(plot)
  #expect(terminal.contains("  + 0 ─H19→ 0  95 %"))
  #expect(!terminal.contains("H7─"))
  #expect(terminal.contains("\n  … 8 more edges\n"))
  let file = text(plot, RenderOptions(width: .max))
  #expect(file.contains("+ 0 ─H0─→ 0   0 %"))
  #expect(!file.contains("more edge"))
}

@Test func nothingToShowIsSaid() {
  let empty = PatternPlot(
    title: "t", subtitle: "", words: [], layers: 2, target: 0, edges: [], isAggregate: false)
  #expect(text(empty) == "t\n(no words)")
  let alone = PatternPlot(
    title: "t", subtitle: "",
    words: [.init(position: 0, token: "語\u{1B}", input: nil, embedding: nil, attention: nil)], layers: 2,
    target: 0, edges: [], isAggregate: false)
  #expect(text(alone) == "t\n\n(no patterns)\n\nQ reads h2 L1 at 0 語\\u{1B}")
}

@Test(arguments: [
  (1.0, "  │████"), (0.5, "  │██"), (0.03, "  │▏"), (0, "  │"), (-0.5, "██│"), (-0.4, "▐█│"), (-0.01, " ▕│"),
])
func barsLeadFromTheAxis(value: Double, bar: String) {
  let bars = TextBars([1, -0.5], width: 7, marks: PatternMarks(RenderOptions()))
  #expect(bars.bar(value).plain == padRight(bar, to: 7))
}

@Test(arguments: [[1, 2], [-1, -2], [-1e308, 1e308], [.leastNonzeroMagnitude, -1], [.nan, 3]])
func barsFillTheirRoomWhateverTheScale(values: [Double]) {
  for unicode in [true, false] {
    let bars = TextBars(values, width: 12, marks: PatternMarks(RenderOptions(unicode: unicode)))
    #expect(bars.width == 12)
    #expect((values + [.infinity, 0]).allSatisfy { displayWidth(bars.bar($0).plain) == 12 })
  }
  #expect(TextBars(values, width: 4, marks: PatternMarks(RenderOptions())).width == 0)
}

@Test(arguments: 1...60) func noWidthIsTooNarrow(width: Int) {
  #expect(!text(PatternPlots.small, RenderOptions(width: width)).isEmpty)
  #expect(!text(PatternPlots.aggregate, RenderOptions(width: width)).isEmpty)
}

/// `+mlp` where a step goes on through the feed-forward branch; a step past it says nothing.
@Test func stepsThroughFeedForwardBranchesAreMarked() {
  #expect(
    text(PatternPlots.refined)
      == """
      third level
      one sentence

             input                  attention              feed-forward
      0 the   1.0     │██████████    0.5     │█████         0.25     │██▌
      1 dog  -0.4 ████│             -0.2   ██│             -0.10    █│

               h0         h1         h2
               embed      L0         L1
      0 the  + 0 ┄┄┄┄┄┄┄→ 0 ─H3+mlp→ 1
      1 dog  − 1 ┄+mlp┄┄→ 1 ┄┄┄┄┄┄┄→ 1

      Q reads h2 L1 at 1 dog   ┄→ skip connection   ─H5→ head 5
      +mlp then the feed-forward branch
      """)
}
