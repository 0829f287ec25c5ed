import Encoders

extension PathLayout {
  /// What the sentences' interventions replace, at each point alike. Padding has no tokens, and nothing reads it.
  func edits(_ configuration: BertConfiguration) -> EditPlan {
    let isEmpty = sentences.allSatisfy(\.interventions.isEmpty)
    let interventions = isEmpty ? [] : sentences.map(\.interventions)
    let places = interventions.indices.map { s in
      Dictionary(uniqueKeysWithValues: zip(sentences[s].positions, sentences[s].positions.indices))
    }
    return EditPlan(interventions, length: { sentences[$0].paddedLength }, configuration) { s, position in
      places[s][position].map { place in (0..<points).map { token(s, $0, place) } } ?? []
    }
  }
}

extension EditPlan {
  /// Sets what is replaced at `point` to 0 in `x`, whose rows of `width` are shaped as the activations.
  ///
  /// - Parameter places: The row of each token that has one; nil when row and token are the same.
  func clear(at point: EditPoint, of x: MutableFloats, width: Int, places: [Int: Int]? = nil) {
    for edit in edits(at: point) {
      guard let place = places.map({ $0[edit.token] }) ?? edit.token else { continue }
      (x + place * width + edit.column).update(repeating: 0, count: edit.count)
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
