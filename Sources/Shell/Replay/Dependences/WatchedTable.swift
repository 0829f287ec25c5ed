import OrderedCollections

/// Things by their names, in the order they were added; each is read and written by itself.
package struct WatchedTable<Element: Sendable>: WatchedPart {
  private var elements: OrderedDictionary<String, Element> = [:]
  private var written: Set<String> = []
  private var log: StatementLog?
  private let key: @Sendable (String) -> StateKey
  private let namesKey: StateKey

  /// - Parameters:
  ///   - key: of the element with a name.
  ///   - names: of which names there are.
  init(_ key: @escaping @Sendable (String) -> StateKey, names: StateKey) {
    self.key = key
    namesKey = names
  }

  package subscript(name: String) -> Element? {
    get {
      if !written.contains(name) { log?.noteRead(key(name)) }
      return elements[name]
    }
    set {
      elements[name] = newValue
      written.insert(name)
    }
  }

  package var all: OrderedDictionary<String, Element> {
    log?.noteRead(namesKey)
    for name in elements.keys where !written.contains(name) { log?.noteRead(key(name)) }
    return elements
  }

  package var keys: [String] {
    log?.noteRead(namesKey)
    return Array(elements.keys)
  }

  package var values: [Element] { Array(all.values) }

  package var writtenKeys: Set<StateKey> { Set(written.map(key)) }

  package mutating func begin(_ log: StatementLog) {
    self.log = log
    written = []
  }
}
