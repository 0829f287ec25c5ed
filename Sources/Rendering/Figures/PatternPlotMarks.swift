import Results

/// The characters of a pattern plot on a terminal.
struct PatternMarks {
  enum RouteKind: CaseIterable {
    case skip
    case head
    case block
    case feedForward
  }

  private let options: RenderOptions

  init(_ options: RenderOptions) { self.options = options }

  var isUnicode: Bool { options.unicode }
  var arrow: String { options.unicode ? "→" : ">" }
  private var solid: String { options.unicode ? "─" : "-" }
  private var dashed: String { options.unicode ? "┄" : "." }
  var axis: String { options.unicode ? "│" : "|" }

  /// An arrow of at least `width` columns, with the head's number and `+mlp`.
  func edge(_ edge: PatternPlot.Edge, width: Int) -> String {
    let (line, fill) =
      switch edge.route {
      case .skip: (dashed, dashed)
      case .head(let number): ("\(solid)H\(number)", solid)
      case .block: (solid, solid)
      }
    let start = line + edge.branchMark
    return start + String(repeating: fill, count: max(0, width - displayWidth(start) - 1)) + arrow
  }

  func sign(_ sign: InfluenceSign) -> StyledText {
    switch sign {
    case .positive: colored("+", sign)
    case .negative: colored(options.unicode ? "−" : "-", sign)
    case .none: " "
    }
  }

  func colored(_ text: String, _ sign: InfluenceSign) -> StyledText {
    options.styled(text, TextStyle("38;\(options.trueColor ? sign.trueColorCode : sign.paletteCode)"))
  }

  /// What the edges mean, each as one short note.
  func key(of kinds: Set<RouteKind>, isAggregate: Bool) -> [String] {
    RouteKind.allCases.filter(kinds.contains).map { kind in
      switch kind {
      case .skip: "\(dashed)\(arrow) skip connection"
      case .head: "\(solid)H5\(arrow) \(isAggregate ? "most often head 5" : "head 5")"
      case .block: "\(solid)\(arrow) block"
      case .feedForward: "+mlp then the feed-forward branch"
      }
    }
  }
}

extension PatternPlot.Edge {
  /// What of the key it needs.
  var kinds: [PatternMarks.RouteKind] {
    let kind: PatternMarks.RouteKind =
      switch route {
      case .skip: .skip
      case .head: .head
      case .block: .block
      }
    return branch == .feedForward ? [kind, .feedForward] : [kind]
  }
}

/// Lighter than on paper, to be read on black and on white.
extension InfluenceSign {
  fileprivate var trueColorCode: String {
    switch self {
    case .positive: "2;86;156;214"
    case .negative: "2;226;122;63"
    case .none: "2;138;138;138"
    }
  }

  /// In xterm's palette of 256.
  fileprivate var paletteCode: String {
    switch self {
    case .positive: "5;74"
    case .negative: "5;173"
    case .none: "5;245"
    }
  }
}
