import Tensors
import Transformers

/// dQ/da for activations a of a block of points whose gradients are kept.
///
/// Sites are those of ``SiteScores``. Of the last layer's outputs only the targets have a gradient.
final class SiteGradients {
  /// A row for each token, or (`isTargetOnly`) for each sentence at each point.
  struct Rows {
    let values: Floats
    let width: Int
    let isTargetOnly: Bool
  }

  private let block: PointBlock
  /// A layer whose branches got no gradient.
  private let dropped: Int?
  private let workspace = DerivativeWorkspace()
  private let result = Buffer()
  private let queries = Buffer()
  private let keys = Buffer()

  init(_ block: PointBlock, dropped: Int? = nil) { (self.block, self.dropped) = (block, dropped) }

  /// Valid until the next call.
  ///
  /// - Precondition: the site is one of ``SiteScores/kinds``.
  func callAsFunction(_ site: Site) throws -> Rows {
    let d = block.hidden
    guard let layer = site.layer else {
      return Rows(values: block.inputGradient.base, width: d, isTargetOnly: false)
    }
    let tape = try block.tape(layer, gradients: true)
    let (derivatives, isLast) = (block.derivatives(layer, in: workspace), tape.isLast)
    let (g, rows) = (block.outputGradient(layer), tape.outputs)
    let queryWidth = derivatives.queryWidth
    if layer == dropped, site.kind != .residPost {
      let width = block.model.configuration.width(of: site)
      let zeros = result.floats(rows * width)
      zeros.update(repeating: 0, count: rows * width)
      return Rows(values: zeros, width: width, isTargetOnly: isLast)
    }
    switch site.kind {
    case .residPost: return Rows(values: g, width: d, isTargetOnly: isLast)
    case .z: return Rows(values: tape.contextGradient, width: queryWidth, isTargetOnly: isLast)
    case .attnOut:
      let skip = result.floats(rows * d)
      let values = try derivatives.attentionOutputGradient(g, tape, at: nil, rows: rows, skip: skip)
      return Rows(values: values, width: d, isTargetOnly: isLast)
    case .mlpOut:
      let values = derivatives.sumGradient(g, tape, at: nil, rows: rows)
      return Rows(values: values, width: d, isTargetOnly: isLast)
    case .mlpPost:
      let branch = derivatives.block.feedForward
      let inner = derivatives.sumGradient(g, tape, at: nil, rows: rows)
      let fed = derivatives.productGradient(
        inner, tape, at: nil, rows: rows, into: workspace.sum.floats(rows * d))
      let values = result.floats(rows * branch.intermediate)
      try branch.down.multiplyTransposed(fed, rows: rows, into: values, check: block.check)
      return Rows(values: values, width: branch.intermediate, isTargetOnly: isLast)
    case .q, .k, .v: return headGradient(site.kind, derivatives, tape)
    default: preconditionFailure("no gradients of \(site.name)")
    }
  }

  private func headGradient(_ kind: Site.Kind, _ derivatives: BlockDerivatives, _ tape: BlockTape) -> Rows {
    let (heads, width, tokens) = (derivatives.branch.heads, derivatives.queryWidth, block.layout.tokens)
    let query = queries.floats(tape.outputs * width)
    let key = keys.floats(tokens * 2 * width)
    derivatives.headGradients(tape, query: query, key: key)
    guard kind != .q else { return Rows(values: query, width: width, isTargetOnly: tape.isLast) }
    let (size, start) = (heads.headSize, kind == .k ? 0 : width)
    let sums = result.floats(tokens * heads.keyWidth)
    sums.update(repeating: 0, count: tokens * heads.keyWidth)
    for token in 0..<tokens {
      for head in 0..<heads.heads {
        let source = key + token * 2 * width + start + head * size
        let target = sums + token * heads.keyWidth + heads.keyColumn(of: head)
        for c in 0..<size { target[c] += source[c] }
      }
    }
    return Rows(values: sums, width: heads.keyWidth, isTargetOnly: false)
  }
}
