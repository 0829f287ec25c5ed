import Tensors
import Transformers

/// Where things lie when several sentences run at several points of their paths.
///
/// Tokens are ordered by sentence, point, position, without padding. A *row* is a sentence at a point.
struct PathLayout: Sendable {
  let sentences: [Sentence]
  /// K of this block.
  let alphas: [Float]
  let weights: [Double]
  /// A
  let heads: Int
  /// For each sentence, tokens (and squared tokens) of the sentences before it, at one point.
  private let starts: [Int]
  private let squareStarts: [Int]

  let tokensPerPoint: Int
  private let squaresPerPoint: Int

  init(sentences: [Sentence], points: [(alpha: Double, weight: Double)], heads: Int) {
    self.sentences = sentences
    alphas = points.map { Float($0.alpha) }
    weights = points.map(\.weight)
    self.heads = heads
    var (starts, squareStarts): ([Int], [Int]) = ([], [])
    var (tokens, squares) = (0, 0)
    for sentence in sentences {
      starts.append(tokens)
      squareStarts.append(squares)
      tokens += sentence.length
      squares += sentence.length * sentence.length
    }
    (self.starts, self.squareStarts) = (starts, squareStarts)
    (tokensPerPoint, squaresPerPoint) = (tokens, squares)
  }

  var points: Int { alphas.count }
  var rows: Int { sentences.count * points }
  var tokens: Int { tokensPerPoint * points }
  /// Attention probabilities of one layer.
  var squares: Int { squaresPerPoint * heads * points }
  var longest: Int { sentences.map(\.length).max() ?? 0 }

  /// The first token of a sentence in a table that holds each sentence once.
  func start(_ sentence: Int) -> Int { starts[sentence] }

  func row(_ sentence: Int, _ point: Int) -> Int { sentence * points + point }

  func token(_ sentence: Int, _ point: Int, _ position: Int) -> Int {
    starts[sentence] * points + point * sentences[sentence].length + position
  }

  /// Where the (A, n, n) probabilities of a row begin.
  func square(_ sentence: Int, _ point: Int) -> Int {
    let length = sentences[sentence].length
    return heads * (squareStarts[sentence] * points + point * length * length)
  }

  /// The position of each token for the model.
  var places: [Int32] {
    sentences.flatMap { sentence in
      (0..<points).flatMap { _ in (0..<sentence.length).map { Int32(sentence.place($0)) } }
    }
  }

  /// The tokens of the targets, one for each row.
  var targetTokens: [Int32] {
    sentences.indices.flatMap { s in
      (0..<points).map { Int32(token(s, $0, sentences[s].target)) }
    }
  }

  /// Calls `body` for each row, in parallel, with `scratch` floats of memory of its own.
  func forEachRow(scratch: Int, _ body: (_ sentence: Int, _ point: Int, MutableFloats) -> Void) {
    Workers.split(rows, minimum: 1) { part in
      let memory = MutableFloats.allocate(capacity: max(1, scratch))
      defer { memory.deallocate() }
      for row in part { body(row / points, row % points, memory) }
    }
  }
}
