import Results

/// What scripts have bound.
package struct Variables: WatchedPart {
  private var ofSession = WatchedTable<Value>({ .variable($0) }, names: .variableNames)

  package subscript(name: String) -> Value? {
    get { ofSession[name] }
    set { ofSession[name] = newValue }
  }

  /// All that can be read.
  package var visible: [String: Value] {
    Dictionary(uniqueKeysWithValues: ofSession.all.map { ($0.key, $0.value) })
  }

  package var names: [String] { ofSession.keys.sorted() }

  package var writtenKeys: Set<StateKey> { ofSession.writtenKeys }

  package mutating func begin(_ log: StatementLog) { ofSession.begin(log) }
}
