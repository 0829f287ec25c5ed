import Transformers

extension PathLayout {
  /// What the sentences' interventions replace, at each point alike. Padding has no tokens, and nothing reads it.
  func edits(_ configuration: TransformerConfiguration) -> EditPlan {
    let isEmpty = sentences.allSatisfy(\.interventions.isEmpty)
    let interventions = isEmpty ? [] : sentences.map(\.interventions)
    let places = interventions.indices.map { s in
      Dictionary(uniqueKeysWithValues: zip(sentences[s].positions, sentences[s].positions.indices))
    }
    return EditPlan(interventions, length: { sentences[$0].paddedLength }, configuration) { s, position in
      places[s][position].map { place in (0..<points).map { token(s, $0, place) } } ?? []
    }
  }

  /// The sentences' cut edges, at each point alike; a row is a sentence, a position counts its real tokens.
  var cuts: CutPlan {
    guard sentences.contains(where: { !$0.interventions.cuts.isEmpty }) else { return CutPlan([]) }
    let places = sentences.map { Dictionary(uniqueKeysWithValues: zip($0.positions, $0.positions.indices)) }
    return CutPlan(sentences.map(\.interventions)) { places[$0][$1] }
  }
}

extension EditPlan {
  /// Sets the slopes of replaced neurons to 0: of both factors where there is a gate.
  ///
  /// - Parameter width: I
  func clearNeurons(
    layer: Int, of slopes: MutableFloats, width: Int, isGated: Bool, places: [Int: Int]?
  ) {
    for edit in edits(at: .neurons(layer: layer)) {
      guard let place = places.map({ $0[edit.token] }) ?? edit.token else { continue }
      for part in 0..<(isGated ? 2 : 1) {
        let row = slopes + place * width * (isGated ? 2 : 1)
        (row + part * width + edit.column).update(repeating: 0, count: edit.count)
      }
    }
  }

  /// Sets the whole row of each token with a replacement at `point` to 0.
  func clearRows(at point: EditPoint, of x: MutableFloats, width: Int, places: [Int: Int]? = nil) {
    for edit in edits(at: point) {
      guard let place = places.map({ $0[edit.token] }) ?? edit.token else { continue }
      (x + place * width).update(repeating: 0, count: width)
    }
  }
}
