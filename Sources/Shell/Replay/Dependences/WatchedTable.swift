import OrderedCollections

/// Things by their names, in the order they were added; each is read and written by itself.
package struct WatchedTable<Element: Sendable>: WatchedPart {
  private var elements: OrderedDictionary<String, Element> = [:]
  private var written: Set<String> = []
  private var log: StatementLog?
  private let content: Content

  enum Content: Sendable { case variables, models }

  init(_ content: Content) { self.content = content }

  private func key(_ name: String) -> StateKey {
    switch content {
    case .variables: .variable(name)
    case .models: .model(name)
    }
  }

  /// Of which names there are.
  private var namesKey: StateKey {
    switch content {
    case .variables: .variableNames
    case .models: .modelNames
    }
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

  /// Of the elements that `condition` holds for, which alone count as read.
  func names(where condition: (Element) -> Bool) -> [String] {
    let names = elements.keys.filter { name in elements[name].map(condition) ?? false }
    for name in names where !written.contains(name) { log?.noteRead(key(name)) }
    return Array(names)
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
