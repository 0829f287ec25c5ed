extension CaseIterable where Self: RawRepresentable, RawValue == String {
  /// The case that the text names; unlike with `init(rawValue:)`, by its scalars.
  package init?(named text: String) {
    guard let named = Self.allCases.first(where: { $0.rawValue == text }) else { return nil }
    self = named
  }
}
