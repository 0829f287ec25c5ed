import ExactText

/// Things by their names, in the order they were added; each is read and written by itself.
package struct WatchedTable<Element: Sendable>: WatchedPart {
  private var elements: NameTable<Element> = [:]
  private var written: Set<Name> = []
  private var log: StatementLog?
  private let key: @Sendable (_ name: String) -> StateKey
  /// Of which names there are; nil where they never change.
  private let namesKey: StateKey?

  package init(names: StateKey? = nil, _ key: @escaping @Sendable (_ name: String) -> StateKey) {
    (namesKey, self.key) = (names, key)
  }

  package subscript(name: String) -> Element? {
    get {
      if !written.contains(name) { log?.noteRead(key(name)) }
      return elements[name]
    }
    set {
      if let newValue { elements.update(newValue, named: name) } else { elements[name] = nil }
      written.insert(name)
    }
  }

  package var all: NameTable<Element> {
    noteNamesRead()
    for name in elements.keys where !written.contains(name) { log?.noteRead(key(name)) }
    return elements
  }

  /// Of the elements that `condition` holds for, which alone count as read.
  package func names(where condition: (Element) -> Bool) -> [String] {
    let names = elements.keys.filter { name in elements[name].map(condition) ?? false }
    for name in names where !written.contains(name) { log?.noteRead(key(name)) }
    return Array(names)
  }

  package var keys: [String] {
    noteNamesRead()
    return Array(elements.keys)
  }

  private func noteNamesRead() {
    if let namesKey { log?.noteRead(namesKey) }
  }

  package var values: [Element] { Array(all.values) }

  package var writtenKeys: Set<StateKey> { Set(written.map { key($0.text) }) }

  package mutating func begin(_ log: StatementLog) {
    self.log = log
    written = []
  }
}
