import Tensors

/// Several heat maps with the same rows and columns, on one scale: all heads of a layer.
public struct HeatmapGrid: Sendable {
  /// What a map shows the attention of.
  public struct Head: Sendable, Equatable {
    public let layer: Int
    public let number: Int

    public init(layer: Int, number: Int) { (self.layer, self.number) = (layer, number) }

    public var name: String { "L\(layer)H\(number)" }
  }

  public struct Attention: Sendable {
    /// Of each map.
    public let heads: [Head]
    /// The position that is looked at first; nil for the last.
    public let focus: Int?
    /// Patterns of the same text, for the page on which heads are chosen.
    public let patterns: PatternPlot?

    public init(heads: [Head], focus: Int? = nil, patterns: PatternPlot? = nil) {
      (self.heads, self.focus, self.patterns) = (heads, focus, patterns)
    }
  }

  public let title: String
  /// One a map.
  public let panelLabels: [String]
  public let rowAxis: String
  public let columnAxis: String
  public let rowLabels: [String]
  public let columnLabels: [String]
  /// (maps, rows, columns)
  public let values: Tensor
  /// Of maps that are attention probabilities; queries are rows, keys columns, both the tokens of a text.
  public let attention: Attention?
  /// How to see more than small maps show; nil for nothing.
  public let hint: String?

  public init(
    title: String, panelLabels: [String], rowAxis: String, columnAxis: String, rowLabels: [String],
    columnLabels: [String], values: Tensor, hint: String? = nil
  ) {
    self.init(
      title: title, panelLabels: panelLabels, rowAxis: rowAxis, columnAxis: columnAxis, rowLabels: rowLabels,
      columnLabels: columnLabels, values: values, attention: nil, hint: hint)
  }

  /// Attention probabilities between the tokens of a text.
  ///
  /// - Parameter values: (heads, n, n)
  public init(
    title: String, attention: Attention, tokens: [String], values: Tensor, hint: String? = nil
  ) {
    self.init(
      title: title, panelLabels: attention.heads.map(\.name), rowAxis: "query", columnAxis: "key",
      rowLabels: tokens, columnLabels: tokens, values: values, attention: attention, hint: hint)
  }

  private init(
    title: String, panelLabels: [String], rowAxis: String, columnAxis: String, rowLabels: [String],
    columnLabels: [String], values: Tensor, attention: Attention?, hint: String?
  ) {
    precondition(
      values.shape == [panelLabels.count, rowLabels.count, columnLabels.count],
      "values \(values.shape) for \(panelLabels.count) maps of \(rowLabels.count) x \(columnLabels.count)")
    self.title = title
    self.panelLabels = panelLabels
    self.rowAxis = rowAxis
    self.columnAxis = columnAxis
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.values = values
    self.attention = attention
    self.hint = hint
  }

  var data: Value {
    [
      "title": .string(title), "panels": .strings(panelLabels), "rows": .strings(rowLabels),
      "columns": .strings(columnLabels), "data": .tensor(values),
    ]
  }
}
