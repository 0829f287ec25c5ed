import RealModule
import Transformers

/// Scores of queries and keys with the attention probabilities that the changed scores give, at a block of one point (QK fix:
/// Kramár et al., "AtP*", 2024, section 3.1.1).
extension Request {
  func addChangedAttention(
    _ site: Site, _ block: PointBlock, _ changes: SiteChanges, _ members: [Int], to scores: inout [SiteScores]
  ) throws {
    guard let layer = site.layer else { return }
    let tape = try block.tape(layer, gradients: true)
    for (m, s) in members.enumerated() {
      let sentence = sentences[s]
      let attention = ChangedAttention(
        sentence, member: m, layer: layer, changes, tape, model.blocks[layer].attention.heads)
      for query in tape.isLast ? sentence.target..<sentence.target + 1 : 0..<sentence.length {
        try check()
        for head in 0..<model.configuration.heads {
          let row = attention.row(query: query, head: head)
          if site.kind == .q {
            scores[s].values[site]?[sentence.positions[query]][head] += attention.queryScore(row)
          } else {
            let keyHead = attention.keyHead(of: head)
            for (key, score) in attention.keyScores(row) {
              scores[s].values[site]?[sentence.positions[key]][keyHead] += score
            }
          }
        }
      }
    }
  }
}

/// Attention of one layer on one sentence, in Double.
private struct ChangedAttention {
  /// A query of a head.
  struct Row {
    let query: Int
    let head: Int
    let keys: [Int]
    /// Of each key: the score, its probability, <dQ/dz, v>.
    let scores: [Double]
    let probabilities: [Double]
    let gains: [Double]
    let logNormalizer: Double

    /// sum P <dQ/dz, v>
    var value: Double { zip(probabilities, gains).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  let sentence: Sentence
  let member: Int
  let layer: Int
  let changes: SiteChanges
  let tape: BlockTape
  let heads: Attention
  /// Positions that a query does not read.
  private let masked: [Query: Set<Int>]

  private struct Query: Hashable {
    let head: Int
    let position: Int
  }

  init(
    _ sentence: Sentence, member: Int, layer: Int, _ changes: SiteChanges, _ tape: BlockTape,
    _ heads: Attention
  ) {
    (self.sentence, self.member, self.layer) = (sentence, member, layer)
    (self.changes, self.tape, self.heads) = (changes, tape, heads)
    let readers = PathLayout(sentences: [sentence], points: [], heads: heads.heads).cuts.readers(of: layer)
    masked = Dictionary(
      uniqueKeysWithValues: readers.map { (Query(head: $0.head, position: $0.position), Set($0.masked)) })
  }

  func keyHead(of head: Int) -> Int { heads.keyColumn(of: head) / heads.headSize }

  func row(query: Int, head: Int) -> Row {
    let place = sentence.place(query)
    let reach = heads.mask.keys(of: place, length: sentence.place(sentence.length - 1) + 1)
    let cut = masked[Query(head: head, position: query)] ?? []
    let keys = (0..<sentence.length).filter { reach.contains(sentence.place($0)) && !cut.contains($0) }
    let size = heads.headSize
    let gradient = tape.contextGradient + tape.output(member, 0, query) * heads.queryWidth + head * size
    let scores = keys.map { score(head, values(.q, query).clean, values(.k, $0).clean) }
    let logNormalizer = logSum(scores)
    return Row(
      query: query, head: head, keys: keys, scores: scores,
      probabilities: scores.map { Double.exp($0 - logNormalizer) },
      gains: keys.map { key in
        dots(values(.v, key).clean + heads.keyColumn(of: head), gradient, parts: 1, width: size)[0]
      }, logNormalizer: logNormalizer)
  }

  /// What Q loses when the query is the other end's.
  func queryScore(_ row: Row) -> Double {
    let changed = row.keys.map { score(row.head, values(.q, row.query).other, values(.k, $0).clean) }
    let logNormalizer = logSum(changed)
    return row.value - zip(changed, row.gains).reduce(0) { $0 + Double.exp($1.0 - logNormalizer) * $1.1 }
  }

  /// The same when one key is, for each key.
  func keyScores(_ row: Row) -> [(key: Int, score: Double)] {
    let value = row.value
    return row.keys.enumerated().map { place, key in
      let changed = score(row.head, values(.q, row.query).clean, values(.k, key).other)
      let weight = Double.exp(changed - row.logNormalizer)
      let (before, gain) = (row.probabilities[place], row.gains[place])
      return (key, value - (value + (weight - before) * gain) / (1 + weight - before))
    }
  }

  private func values(_ kind: Site.Kind, _ position: Int) -> (clean: Floats, other: Floats) {
    changes.values(Site(kind, layer: layer), sentence: member, position: sentence.positions[position])
  }

  private func score(_ head: Int, _ query: Floats, _ key: Floats) -> Double {
    let size = heads.headSize
    let product =
      dots(query + head * size, key + heads.keyColumn(of: head), parts: 1, width: size)[0]
      * Double(heads.scale)
    let cap = Double(heads.cap)
    return cap > 0 ? cap * Double.tanh(product / cap) : product
  }

  private func logSum(_ x: [Double]) -> Double {
    let most = x.max() ?? 0
    return most + Double.log(x.reduce(0) { $0 + Double.exp($1 - most) })
  }
}
