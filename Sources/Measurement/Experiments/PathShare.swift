import Attribution
import RealModule
import Transformers

/// Counts paths, as natural logarithms: there are about 10^17 in a sentence of ten tokens and six layers.
///
/// With R[i, j] = 1 where position j may read i, all paths are the product over layers of A R + I at the attention level: A
/// heads, and one more through the skip connection of each position. At the third level each of these goes on through the
/// feed-forward branch or through its skip connection, 2 (A R + I); in parallel blocks only the skip connection's, A R + 2 I.
struct PathCounts {
  /// n, A.
  let length: Int
  let heads: Int
  /// (L).
  let masks: [AttentionMask]
  /// Embedding-level patterns are counted in attention-level paths.
  let level: PatternLevel
  var isParallel = false

  /// How many ways a layer offers by way of one head, and by way of the skip connection.
  private var ways: (head: Double, skip: Double) {
    guard level == .feedForward else { return (1, 1) }
    return (isParallel ? 1 : 2, 2)
  }

  /// All paths to the target from each position; -infinity where there is none.
  func logarithmsOfAll(to target: Int) -> [Double] {
    var counts = [Double](repeating: -.infinity, count: length)
    counts[target] = 0
    let (moving, staying) = (Double.log(Double(heads) * ways.head), Double.log(ways.skip))
    for mask in masks.reversed() {
      let readers = logarithmsOfReaders(counts, mask)
      counts = counts.indices.map { logarithmOfSum(moving + readers[$0], staying + counts[$0]) }
    }
    return counts
  }

  /// For each position i the sum over those that may read it, sum_j R[i, j] exp(counts[j]).
  private func logarithmsOfReaders(_ counts: [Double], _ mask: AttentionMask) -> [Double] {
    switch mask {
    case .full:
      return Array(repeating: counts.reduce(-.infinity, logarithmOfSum), count: length)
    case .causal(nil):
      var (sums, sum) = (counts, -Double.infinity)
      for i in counts.indices.reversed() {
        sum = logarithmOfSum(sum, counts[i])
        sums[i] = sum
      }
      return sums
    case .causal(.some), .window:
      var sums = [Double](repeating: -.infinity, count: length)
      for j in counts.indices where counts[j] > -.infinity {
        for i in mask.keys(of: j, length: length) { sums[i] = logarithmOfSum(sums[i], counts[j]) }
      }
      return sums
    }
  }

  /// Those that an embedding-level pattern stands for: all heads for each step to another token, the skip connection too for
  /// one that stays.
  func logarithm(along nodes: [Int]) -> Double {
    zip(nodes, nodes.dropFirst()).reduce(0) { sum, step in
      sum + Double.log(Double(heads) * ways.head + (step.0 == step.1 ? ways.skip : 0))
    }
  }

  /// Those that an attention-level pattern stands for: one, at the third level two for each layer, but one for a head of a
  /// parallel block.
  func logarithm(through choices: [Int]) -> Double {
    choices.reduce(0) { $0 + Double.log($1 < 0 ? ways.skip : ways.head) }
  }
}

/// log(exp(a) + exp(b))
private func logarithmOfSum(_ a: Double, _ b: Double) -> Double {
  let (larger, smaller) = (max(a, b), min(a, b))
  return smaller == -.infinity ? larger : larger + Double.log(onePlus: Double.exp(smaller - larger))
}

/// Of all paths from a word to the quantity, the share that its pattern stands for; means over all words of all rows.
///
/// Paths are those of the attention level, or of the third where the patterns were refined so far: then all shares are of these.
public struct PathShareSummary: Sendable, Equatable {
  public struct Share: Sendable, Equatable {
    public let mean: Double
    /// Mean of the decimal logarithm.
    public let meanLogarithm: Double
  }

  public let words: Int
  public let embedding: Share
  public let attention: Share
  /// A pattern of the third level is one path; nil where it was not searched.
  public let feedForward: Share?
  /// Mean of the decimal logarithm of the number of all paths of a word.
  public let logarithmOfAll: Double

  /// - Parameter configuration: of the model that the patterns are of
  public init(_ findings: [PatternFinding], _ configuration: TransformerConfiguration) {
    let level: PatternLevel = findings.reachThirdLevel ? .feedForward : .attention
    let blocks = configuration.blocks
    let masks = (0..<configuration.layers).map(blocks.mask)
    var (embedding, attention, all): ([Double], [Double], [Double]) = ([], [], [])
    for finding in findings {
      let counts = PathCounts(
        length: finding.length, heads: configuration.heads, masks: masks, level: level,
        isParallel: blocks.isParallel)
      guard let target = finding.words.first?.nodes.last else { continue }
      let totals = counts.logarithmsOfAll(to: target)
      // In a causal model no path leads from a word behind the target, and none is a part of them.
      for word in finding.words where totals[word.position] > -.infinity {
        let total = totals[word.position]
        embedding.append(counts.logarithm(along: word.nodes) - total)
        attention.append(counts.logarithm(through: word.choices) - total)
        all.append(total)
      }
    }
    words = all.count
    func share(_ logarithms: [Double]) -> Share {
      Share(mean: mean(logarithms.map { Double.exp($0) }), meanLogarithm: mean(logarithms) / Double.log(10))
    }
    self.embedding = share(embedding)
    self.attention = share(attention)
    feedForward = level == .feedForward ? share(all.map { -$0 }) : nil
    logarithmOfAll = mean(all) / Double.log(10)
  }
}

extension PathShareSummary {
  /// nil where the level was not searched.
  public subscript(level: PatternLevel) -> Share? {
    switch level {
    case .embedding: embedding
    case .attention: attention
    case .feedForward: feedForward
    }
  }
}
