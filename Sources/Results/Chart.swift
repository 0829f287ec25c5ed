/// Numbers against numbers or names: lines, bars or points.
public struct Chart: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case line
    case bar
    case scatter
  }

  public enum Axis: String, Sendable, CaseIterable {
    case x
    case y
  }

  public struct Point: Sendable {
    /// Of a chart with ``Chart/categories`` the index of one of them.
    public let x: Double
    /// A point with a coordinate that is not finite is not drawn, but counted.
    public let y: Double
    public let label: String?
    /// Whether the label is written beside the point, where there is room; else it is only told of it.
    public let showsLabel: Bool

    public init(x: Double, y: Double, label: String? = nil, showsLabel: Bool = true) {
      self.x = x
      self.y = y
      self.label = label
      self.showsLabel = showsLabel
    }

    public var isFinite: Bool { x.isFinite && y.isFinite }
  }

  public struct Series: Sendable {
    /// Empty for the only one.
    public let name: String
    /// A line joins them in this order and ends where one is missing. Of labels that are in each other's way the first stays.
    public let points: [Point]

    public init(name: String, points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// As many as colours, shapes and strokes tell apart.
  public static let mostSeries = 10

  public let title: String
  /// May be empty.
  public let subtitle: String
  public let kind: Kind
  public let xAxis: String
  public let yAxis: String
  /// The names on the x axis, of bars in the order of the bars; nil where x are numbers. The same name may occur twice.
  public let categories: [String]?
  public let series: [Series]
  /// The axes on which numbers are drawn by their logarithms. 0 has a place of its own there; a point below it is not drawn.
  public let logarithms: Set<Axis>
  /// Whether the line x = y is drawn.
  public let showsDiagonal: Bool

  /// - Precondition: at most ``mostSeries`` series; bars have categories; every finite x of a chart with categories is the
  ///   index of one; logarithms are of numbers, without a diagonal.
  public init(
    title: String, subtitle: String = "", kind: Kind, xAxis: String, yAxis: String,
    categories: [String]? = nil, logarithms: Set<Axis> = [],
    series: [Series], showsDiagonal: Bool = false
  ) {
    precondition(series.count <= Self.mostSeries, "\(series.count) series")
    if let categories {
      for point in series.lazy.flatMap(\.points) where point.x.isFinite {
        precondition(
          Int(exactly: point.x).map(categories.indices.contains) == true, "no name of place \(point.x)")
      }
    } else {
      precondition(kind != .bar, "bars without names")
    }
    self.title = title
    self.subtitle = subtitle
    self.kind = kind
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.categories = categories
    self.series = series
    self.logarithms = logarithms
    self.showsDiagonal = showsDiagonal
    precondition(!logarithms.contains(.x) || !hasNames, "logarithms of names")
    precondition(
      logarithms.isEmpty || kind != .bar && !showsDiagonal, "logarithms of bars, or of a straight line")
  }

  /// Whether a point has a place in the drawing.
  public func draws(_ point: Point) -> Bool {
    point.isFinite && (point.x >= 0 || !logarithms.contains(.x)) && (point.y >= 0 || !logarithms.contains(.y))
  }

  /// Whether places on the x axis are names.
  public var hasNames: Bool { if case nil = categories { false } else { true } }

  public var pointCount: Int { series.reduce(0) { $0 + $1.points.count } }
}
