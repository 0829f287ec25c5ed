import OrderedCollections
import Results

extension Value {
  /// A record that says what it was computed under, beside what it says already; other values as they are.
  func stating(interventions: [String]) -> Value {
    guard case .record(var record) = self, let own = record.statedInterventions else { return self }
    record.state(Array(OrderedSet(own).union(interventions)))
    return .record(record)
  }
}
