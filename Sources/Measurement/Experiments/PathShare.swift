import RealModule

/// Counts attention-level paths, as natural logarithms: there are about 10^17 in a sentence of ten tokens and six layers.
///
/// Each edge h^l_i -> h^(l+1)_j is A parallel ones, and one more through the skip connection where i = j.
struct PathCounts {
  /// n, A, L.
  let length: Int
  let heads: Int
  let layers: Int

  /// All paths from a word to the target: (C^L)[i, t] with C = A ones(n, n) + I.
  ///
  /// As ones(n, n) squared is n times itself, C^L = I + ((A n + 1)^L - 1) / n ones(n, n).
  func logarithmOfAll(from word: Int, to target: Int) -> Double {
    let all = Double(layers) * Double.log(Double(heads * length) + 1)
    let moving = all + Double.log(onePlus: -Double.exp(-all)) - Double.log(Double(length))
    return word == target ? moving + Double.log(onePlus: Double.exp(-moving)) : moving
  }

  /// Those that an embedding-level pattern stands for: A for each step to another token, A + 1 for one that stays.
  func logarithm(along nodes: [Int]) -> Double {
    zip(nodes, nodes.dropFirst()).reduce(0) { $0 + Double.log(Double(heads + ($1.0 == $1.1 ? 1 : 0))) }
  }
}

/// Of all paths from a word to the quantity, the share that its pattern stands for; means over all words of all rows.
public struct PathShareSummary: Sendable, Equatable {
  public struct Share: Sendable, Equatable {
    public let mean: Double
    /// Mean of the decimal logarithm.
    public let meanLogarithm: Double
  }

  public let words: Int
  public let embedding: Share
  /// A pattern of heads and skip connections is one path.
  public let attention: Share
  /// Mean of the decimal logarithm of the number of all paths of a word.
  public let logarithmOfAll: Double

  /// - Parameter heads: A
  public init(_ findings: [PatternFinding], heads: Int) {
    var (embedding, attention, all): ([Double], [Double], [Double]) = ([], [], [])
    for finding in findings {
      for word in finding.words {
        let counts = PathCounts(length: finding.length, heads: heads, layers: word.choices.count)
        let total = counts.logarithmOfAll(from: word.position, to: word.nodes[word.nodes.count - 1])
        embedding.append(counts.logarithm(along: word.nodes) - total)
        attention.append(-total)
        all.append(total)
      }
    }
    words = all.count
    func share(_ logarithms: [Double]) -> Share {
      Share(mean: mean(logarithms.map { Double.exp($0) }), meanLogarithm: mean(logarithms) / Double.log(10))
    }
    self.embedding = share(embedding)
    self.attention = share(attention)
    logarithmOfAll = mean(all) / Double.log(10)
  }
}
