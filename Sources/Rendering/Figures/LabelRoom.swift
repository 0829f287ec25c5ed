/// What of a drawing is taken, in cells: where labels may not stand.
struct LabelRoom {
  struct Area: Equatable {
    var columns: Range<Int>
    var rows: Range<Int>
  }

  private let width: Int
  private let height: Int
  private var taken: [Bool]

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    taken = Array(repeating: false, count: width * height)
  }

  /// Whether it lies inside, and nothing else there.
  func isFree(_ area: Area) -> Bool {
    guard area.columns.lowerBound >= 0, area.columns.upperBound <= width, area.rows.lowerBound >= 0,
      area.rows.upperBound <= height
    else { return false }
    return area.rows.allSatisfy { row in area.columns.allSatisfy { !taken[row * width + $0] } }
  }

  /// What of it lies outside is nowhere.
  mutating func take(_ area: Area) {
    for row in area.rows.clamped(to: 0..<height) {
      for column in area.columns.clamped(to: 0..<width) { taken[row * width + column] = true }
    }
  }

  /// Takes the first of `areas` that is free; nil when none is.
  mutating func takeFirst(of areas: [Area], margin: Int) -> Area? {
    guard let area = areas.first(where: isFree) else { return nil }
    take(
      Area(
        columns: (area.columns.lowerBound - margin)..<(area.columns.upperBound + margin), rows: area.rows))
    return area
  }

  /// So many labels are read at most; and so many are tried, where none finds room.
  static let mostLabels = 60
  static let mostTried = 2000
}
