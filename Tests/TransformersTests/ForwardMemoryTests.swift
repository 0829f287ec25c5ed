import CAllocator
import Faults
import Testing

@testable import Transformers

/// The formula for the memory of a forward pass beside what the allocator has given out meanwhile.
///
/// In a process of its own, where no other test allocates.
@Suite struct ForwardMemoryTests {
  @Test func isWhatTheAllocatorGives() async {
    await #expect(processExitsWith: .success) { try measurePasses() }
  }

  /// Of layers of one sequence at a time a batch needs as much as all of them.
  @Test func growsWithTheSequences() throws {
    let model = try model()
    func bytes(_ rows: Int) -> Int { ForwardExtent(model, requests(rows)[1], rows: rows, length: 24).memory }
    let room = try ForwardExtent.sequences(model, requests(1)[1], length: 24, within: bytes(1) * 5 / 2)
    #expect(room == 2 && bytes(2) > bytes(1) && bytes(2) <= 2 * bytes(1))
    #expect(throws: MemoryFault(needed: bytes(1), budget: bytes(1) - 1)) {
      try ForwardExtent.sequences(model, requests(1)[1], length: 24, within: bytes(1) - 1)
    }
  }
}

private func model() throws -> Transformer {
  try Transformer.random(
    configuration: TransformerConfiguration(
      layers: 3, hidden: 96, heads: 4, intermediate: 320, vocabulary: 3000, maxPositions: 64),
    seed: 1, words: true, classifier: true)
}

/// Logits, all sites, quantities of every kind, and replaced skip connections.
private func requests(_ rows: Int) -> [ForwardRequest] {
  let positions = (0..<rows).map { (row: $0, position: 3) }
  func quantities(_ readout: QuantityOfInterest.Readout, _ output: QuantityOfInterest.Output)
    -> ForwardRequest
  {
    let quantity = QuantityOfInterest(terms: [.init(coefficient: 1, readout: readout, output: output)])
    return ForwardRequest(quantities: positions.map { ($0.row, $0.position, quantity) })
  }
  let configuration = TransformerConfiguration(layers: 3)
  let skips = Interventions([Replacement(node: .skip(layer: 1), value: .zero)])
  return [
    ForwardRequest(wordPositions: positions),
    ForwardRequest(capture: Set(Site.all(in: configuration))),
    ForwardRequest(capture: [Site(.pattern, layer: 1), Site(.z, layer: 0)]),
    quantities(.logit, .token(7)), quantities(.probability, .token(7)), quantities(.logit, .label(1)),
    ForwardRequest(
      wordPositions: positions, classify: true,
      interventions: Array(repeating: skips, count: rows)),
  ]
}

/// Largest bytes in use at the library calls of a pass.
private final class Peak: @unchecked Sendable {
  private(set) var bytes = 0

  static var used: Int { ca_bytes_in_use() }

  func sample() { bytes = max(bytes, Self.used) }
}

/// The formula counts all parts, the allocator those that are held together; beside them a pass has lists of its tokens.
private func measurePasses() throws {
  let model = try model()
  for (rows, length) in [(4, 24), (12, 24), (5, 60)] {
    let batch = TokenBatch(
      sequences: Array(
        repeating: ((0..<Int32(length)).map { $0 + 5 }, Array(repeating: 0, count: length)), count: rows),
      padToken: 0)
    for request in requests(rows) {
      _ = try model.forward(batch, request, check: {})
      let (peak, before) = (Peak(), Peak.used)
      let result = try model.forward(batch, request, check: peak.sample)
      peak.sample()
      let extent = ForwardExtent(model, request, rows: rows, length: length)
      let (expected, found) = (extent.memory - extent.scratch, peak.bytes - before)
      // Threads have given their memory back by then. A copy of skip connections is not held together with logits.
      let share = Double(found) / Double(expected)
      #expect(
        (0.85...1.03).contains(share),
        "\(found) of \(expected) bytes for \(rows) x \(length): \(request)")
      withExtendedLifetime(result) {}
    }
  }
}
