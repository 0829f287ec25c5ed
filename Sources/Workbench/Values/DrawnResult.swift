import Results

/// A result that `heatmap` draws.
protocol DrawnResult: ObjectValue {
  var heatmap: Heatmap { get }
}
