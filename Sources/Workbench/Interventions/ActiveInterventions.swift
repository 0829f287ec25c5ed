import Language

/// What is done to the networks at the moment, in the order it was asked for; later ones win.
///
/// An intervention acts on the model it was made for, and waits while another is current.
package struct ActiveInterventions: Sendable {
  private(set) var all: [Intervention] = []
  /// How often something was added or removed.
  private(set) var changes = 0

  /// Those that act on `model`.
  func acting(on model: LoadedModel) -> [Intervention] { all.filter { $0.acts(on: model) } }

  /// What a result of `model` is computed under, one description each.
  func descriptions(on model: LoadedModel) -> [String] { acting(on: model).map(\.description) }

  /// Of those that act on `model`; nil when there are none.
  func fingerprint(on model: LoadedModel) -> String? { Intervention.fingerprint(of: acting(on: model)) }

  package func count(on model: LoadedModel) -> Int { acting(on: model).count }

  /// Adds one under the next free number, which it keeps.
  ///
  /// - Parameter make: takes the number
  mutating func add(_ make: (_ number: Int) -> Intervention) -> Intervention {
    let intervention = make((all.last?.number ?? 0) + 1)
    all.append(intervention)
    changes += 1
    return intervention
  }

  /// Removes those with the given numbers, and returns them.
  mutating func remove(_ numbers: Set<Int>) -> [Intervention] {
    let removed = all.filter { numbers.contains($0.number) }
    all.removeAll { numbers.contains($0.number) }
    changes += 1
    return removed
  }
}
