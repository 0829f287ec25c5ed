import Transformers
import Tensors

/// Some probes, padded to one length.
struct ProbeBatch {
  /// Where they are in the list of all.
  let indices: [Int]
  let probes: [Probe]
  let tokens: TokenBatch

  init(_ indices: [Int], of all: [Probe], padToken: Int) {
    self.indices = indices
    probes = indices.map { all[$0] }
    tokens = TokenBatch(sequences: probes.map { (ids: $0.ids, types: $0.types) }, padToken: padToken)
  }

  /// Batches of at most `maximum` tokens, padding included, or of one probe; probes of similar length go together.
  static func batches(_ probes: [Probe], maximum: Int, padToken: Int) -> [ProbeBatch] {
    let order = probes.indices.sorted { (probes[$0].ids.count, $0) < (probes[$1].ids.count, $1) }
    var batches: [[Int]] = []
    for index in order {
      // The longest so far is the one to add.
      if let last = batches.last, (last.count + 1) * probes[index].ids.count <= maximum {
        batches[batches.count - 1].append(index)
      } else {
        batches.append([index])
      }
    }
    return batches.map { ProbeBatch($0, of: probes, padToken: padToken) }
  }

  /// The probes' quantities and criteria, `copies` times over.
  func quantities(copies: Int = 1) -> [(row: Int, position: Int, quantity: QuantityOfInterest)] {
    (0..<copies).flatMap { copy in
      probes.enumerated().flatMap { row, probe in
        ([probe.quantity] + probe.criteria.filter { $0 != probe.quantity }).map {
          (copy * probes.count + row, probe.target, $0)
        }
      }
    }
  }

  /// The outcomes of values in the order of ``quantities(copies:)``.
  func outcomes(_ values: [Double], copies: Int = 1) -> [[Outcome]] {
    var next = values.makeIterator()
    return (0..<copies).map { _ in
      probes.map { probe in
        let value = next.next() ?? .nan
        let isCorrect = probe.criteria.reduce(true) { holds, criterion in
          let value = criterion == probe.quantity ? value : next.next() ?? .nan
          return holds && value > 0
        }
        return Outcome(value: value, isCorrect: isCorrect)
      }
    }
  }
}
