import Transformers
import Faults

/// A validated question to an ``Attributor``.
struct Request {
  let model: Transformer
  let sentences: [Sentence]
  let options: AttributionOptions
  /// Where on each path, and with what weight.
  let points: [(alpha: Double, weight: Double)]
  let check: InterruptionCheck
  let report: ProgressReport
  let workspace = DerivativeWorkspace()
  let memory: TapeMemory

  /// - Parameter points: those of the options when nil
  init(
    _ attributor: Attributor, _ inputs: [AttributionInput], _ options: AttributionOptions,
    points: [(alpha: Double, weight: Double)]? = nil, check: @escaping InterruptionCheck,
    progress: @escaping ProgressReport
  ) throws {
    model = attributor.model
    memory = attributor.memory
    try validate(inputs, options, model)
    sentences = inputs.enumerated().map { Sentence($1, index: $0) }
    self.options = options
    self.points = points ?? options.quadrature.points(options.points)
    (self.check, report) = (check, progress)
  }

  var layers: Int { model.configuration.layers }

  func layout(_ sentences: [Sentence], _ points: ArraySlice<(alpha: Double, weight: Double)>) -> PathLayout {
    PathLayout(sentences: sentences, points: Array(points), heads: model.configuration.heads)
  }

  /// Q at both ends of each sentence's path.
  ///
  /// Paths of uniform steps contain them; for others they take a forward pass of their own.
  func ends(_ sentences: [Sentence], _ blocks: [PointBlock]) throws -> [(start: Double, end: Double)] {
    if options.quadrature.containsEnds, let first = blocks.first, let last = blocks.last {
      return sentences.indices.map { s in
        let end = last.layout.row(s, last.layout.points - 1)
        return (first.quantities[first.layout.row(s, 0)], last.quantities[end])
      }
    }
    return try sentences.map { sentence in
      let layout = PathLayout(
        sentences: [sentence], points: [(0, 0.5), (1, 0.5)], heads: model.configuration.heads)
      let values = try quantities(layout)
      return (values[0], values[1])
    }
  }

  private func quantities(_ layout: PathLayout) throws -> [Double] {
    let block = PointBlock(
      model, layout, index: 0, tapes: TapeSet(layout, model, memory), keeping: [], workspace, check: check)
    try block.forwardOnly()
    return block.quantities
  }
}

extension Request {
  func inputInfluence(_ parts: [MemoryPlan.Part]) throws -> [InputInfluence] {
    let progress = Progress(total: parts.count * 2 * layers, report)
    var sums = sentences.map { [Double](repeating: 0, count: $0.length) }
    var ends = sentences.map { _ in (start: 0.0, end: 0.0) }
    for group in parts {
      let members = group.sentences.map { sentences[$0] }
      let layout = layout(members, points[group.points])
      let block = PointBlock(
        model, layout, index: 0, tapes: TapeSet(layout, model, memory), keeping: [], workspace, check: check)
      try block.run(advance: progress.advance)
      for (s, values) in zip(group.sentences, try block.inputInfluence()) {
        sums[s] = zip(sums[s], values).map(+)
      }
      for (s, member) in zip(group.sentences, members.indices) {
        if group.points.lowerBound == 0 { ends[s].start = block.quantities[layout.row(member, 0)] }
        ends[s].end = block.quantities[layout.row(member, layout.points - 1)]
      }
    }
    if !options.quadrature.containsEnds { ends = try self.ends(sentences, []) }
    progress.finish()
    return sentences.indices.map { result(sentences[$0], sums[$0], ends[$0]) }
  }

  /// Puts influences at the sentence's original positions; padding has none.
  func result(
    _ sentence: Sentence, _ influence: [Double], _ ends: (start: Double, end: Double)
  ) -> InputInfluence {
    InputInfluence(
      influence: sentence.spread(influence, filling: 0), quantity: ends.end, quantityAtBaseline: ends.start,
      points: options.points)
  }
}

extension Sentence {
  /// Values of real tokens at the positions of the padded input.
  func spread<T>(_ values: [T], filling: T) -> [T] {
    var result = Array(repeating: filling, count: paddedLength)
    for (position, value) in zip(positions, values) { result[position] = value }
    return result
  }
}
