import Results

/// Sign of an influence: what an edge's colour tells.
enum InfluenceSign: CaseIterable {
  case positive
  case negative
  /// 0 or not a number.
  case none

  init(_ influence: Double) { self = influence > 0 ? .positive : influence < 0 ? .negative : .none }

  /// Blue and orange-red differ for every common kind of colour blindness, and in grey.
  var color: RGB {
    switch self {
    case .positive: RGB(33, 102, 178)
    case .negative: RGB(221, 82, 20)
    case .none: RGB(128, 128, 128)
    }
  }
}

/// The influences that a word's bars show.
enum InfluenceKind: CaseIterable {
  case input
  case embedding
  case attention
  case feedForward

  /// In the order of growing luminance, so that the bars differ in grey too.
  var color: RGB {
    switch self {
    case .input: RGB(56, 64, 78)
    case .embedding: RGB(138, 101, 178)
    case .attention: RGB(222, 184, 72)
    case .feedForward: RGB(170, 222, 200)
    }
  }

  var name: String {
    switch self {
    case .input: "input"
    case .embedding: "embedding"
    case .attention: "attention"
    case .feedForward: "feed-forward"
    }
  }

  var description: String {
    switch self {
    case .input: "input influence"
    case .embedding: "influence of the embedding-level pattern"
    case .attention: "influence of the attention-level pattern"
    case .feedForward: "influence of the feed-forward-level pattern"
    }
  }

  func value(of word: PatternPlot.Word) -> Double? {
    switch self {
    case .input: word.input
    case .embedding: word.embedding
    case .attention: word.attention
    case .feedForward: word.feedForward
    }
  }
}

extension PatternPlot {
  /// The kinds of influence that at least one word has.
  var influenceKinds: [InfluenceKind] {
    InfluenceKind.allCases.filter { kind in words.contains { kind.value(of: $0) != nil } }
  }

  /// Greatest weight of the shown edges; 0 without any.
  var greatestWeight: Double {
    shownEdges.map(\.weight).filter(\.isFinite).reduce(0, max)
  }

  /// A weight for people: a percentage when it is a frequency.
  func weightText(_ weight: Double) -> String {
    isAggregate
      ? formatNumber(weight * 100, precision: 2) + " %" : formatNumber(weight, precision: 2)
  }
}
