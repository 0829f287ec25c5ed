import Results

extension Value {
  /// A record that says what it was computed under; other values as they are.
  func stating(interventions: [String]) -> Value {
    guard case .record(var record) = self, !interventions.isEmpty, record["interventions"] == nil else {
      return self
    }
    record["interventions"] = .strings(interventions)
    return .record(record)
  }
}
