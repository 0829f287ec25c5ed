import ExactText
import Faults
import Results

/// More heads of a text than a page holds that a browser opens in a moment.
struct TooManyHeads: Error {
  let heads: Int
  let most: Int
}

/// A page on which the attention of a text is looked at token by token and head by head, beside patterns of the same text where there
/// are some; it needs no network.
struct AttentionPage {
  private let grid: HeatmapGrid
  private let attention: HeatmapGrid.Attention

  /// nil of maps that are no attention.
  init?(_ grid: HeatmapGrid) {
    guard let attention = grid.attention else { return nil }
    (self.grid, self.attention) = (grid, attention)
  }

  /// - Throws: ``TooManyHeads``, ``Interrupted``.
  func bytes(name: String) throws -> [UInt8] {
    let (heads, length) = (attention.heads.count, grid.rowLabels.count)
    guard let weights = AttentionWeights(heads: heads, length: length) else {
      throw TooManyHeads(heads: heads, most: AttentionWeights.heads(length: length))
    }
    let title = grid.title.isEmpty ? name : grid.title
    let patterns = try attention.patterns.map { try PatternSection($0).html() } ?? ""
    let body = """
      <h1>\(xmlText(title))</h1>
      <p class="soft">\(xmlText(note(weights)))</p>
      \(Self.frame)\(patterns.isEmpty ? "" : "<section id=\"paths\">\n<h2>Patterns</h2>\n\(patterns)</section>\n")</div>
      <script type="application/json" id="data">\(try data(weights))</script>

      """
    let page = HTMLPage(
      title: title, body: body, styles: [PackageResources.attention_css],
      scripts: [
        PackageResources.patterns_js, PackageResources.weights_js, PackageResources.map_js,
        PackageResources.attention_js,
      ])
    return Array(page.text.utf8)
  }

  private func note(_ weights: AttentionWeights) -> String {
    let layers = Set(attention.heads.map(\.layer)).count
    let kept =
      weights.kept < weights.length
      ? " Of each token and head the \(weights.kept) greatest weights are in the page; the others are summed up as “elsewhere”."
      : ""
    return
      "\(plural(weights.length, "token")), \(plural(attention.heads.count, "head")) in \(plural(layers, "layer")). "
      + "Weights are rounded to 8 bits, by at most 0.004, small ones by less.\(kept)"
  }

  /// Where the script puts things.
  private static let frame = """
    <div id="attention">
    <section>
    <div class="bar">
    <label><input type="radio" name="direction" value="reads" checked> what a token reads</label>
    <label><input type="radio" name="direction" value="readBy"> what reads it</label>
    <label><input type="checkbox" id="drawn" checked> lines</label>
    <span class="soft">0 <span id="scale"></span> <span id="greatest"></span> mean weight of the chosen heads</span>
    </div>
    <div id="text"><svg id="lines" aria-hidden="true"></svg><div id="tokens" role="listbox" aria-label="tokens"></div></div>
    <p class="soft">Point at a token, or move with Tab and the arrow keys; a click or Enter keeps it, Escape lets it go.</p>
    <h2>By head: <span id="what" aria-live="polite"></span></h2>
    <div id="edgebox"><table id="edges"><thead><tr><th>head</th><td class="soft">token position: weight, the greatest first</td></tr></thead><tbody></tbody></table></div>
    </section>
    <section>
    <h2>Heads</h2>
    <div class="bar"><button type="button" id="all">all</button><button type="button" id="none">none</button>
    <span class="soft">click: on and off; double click or Shift: only these</span></div>
    <div id="headbox"><table id="heads"><caption class="soft" id="shade"></caption></table></div>
    <h2 style="margin-top: 16px">Map: <span id="mapped"></span> <span class="soft" id="mapscale"></span></h2>
    <p class="soft">query ↓ key →</p>
    <canvas id="map"></canvas>
    <p id="readout" class="soft"></p>
    </section>

    """

  // MARK: Data

  /// JSON without `<`, which would end the script early in `</script>`.
  private func data(_ weights: AttentionWeights) throws -> String {
    var record: Record = [
      "tokens": .strings(grid.rowLabels), "kept": Value(weights.kept),
      "heads": .list(attention.heads.map { .numbers([$0.layer, $0.number]) }),
    ]
    if let focus = attention.focus { record["focus"] = Value(focus) }
    if let plot = attention.patterns { record["patterns"] = .list(Self.patterns(plot)) }
    let small = try JSONText.string(.record(record)).replacing("<", with: "\\u003c").dropLast()
    let texts = try attention.heads.indices.map { "\"\(base64(try weights.bytes(grid.values[$0])))\"" }
    return "\(small),\"weights\":[\(texts.joined(separator: ","))]}"
  }

  /// The heads on the path of each word.
  private static func patterns(_ plot: PatternPlot) -> [Value] {
    plot.words.map { word in
      let heads = plot.edges.compactMap { edge -> Value? in
        guard case .head(let number) = edge.route, edge.words.contains(word.position) else { return nil }
        return .numbers([edge.layer, number])
      }
      return ["position": Value(word.position), "heads": .list(heads)]
    }
  }
}
