import ExactText

/// The statements that the session has run, with what each read and wrote.
struct Journal: Sendable {
  struct Entry: Sendable {
    /// As it was written.
    let text: String
    let reads: Set<StateKey>
    let writes: Set<StateKey>
    /// Files that `output` and `once` have opened, and files that got results by them.
    let openedFiles: Set<Name>
    let resultFiles: Set<Name>
    /// What a relative path behind `source` starts from; nil when there is none.
    let sourceFolder: String?
    /// Whether it is `reset`: what follows knows nothing of what went before but the files.
    let isReset: Bool
    /// Why running it again may give something else; nil when it gives the same.
    let unrepeatable: String?
  }

  private(set) var entries: [Entry] = []

  mutating func append(_ entry: Entry) { entries.append(entry) }
}

extension Journal {
  /// Statements from one fresh session to the next, and what they need that no statement has written.
  typealias Segment = (initial: Set<StateKey>, entries: [Entry])

  /// The entries that the present values of `keys` depend on, in order.
  ///
  /// An entry is in the slice when it is the last to write something that the value, or an entry in the slice, reads.
  /// As each runs with the same values as in the session, it does the same again.
  ///
  /// - Throws: ``ReplayFault`` when one of them cannot be repeated.
  func slice(for keys: [StateKey]) throws -> [Segment] {
    var slicer = Slicer(entries)
    for key in keys { slicer.need(key, before: entries.count) }
    slicer.run()
    if let first = slicer.included.sorted().lazy.map({ entries[$0] }).first(where: { $0.unrepeatable != nil })
    {
      throw ReplayFault.unrepeatable(first.text, reason: first.unrepeatable ?? "")
    }
    return slicer.segments
  }
}

/// Follows dependences backwards.
private struct Slicer {
  private let entries: [Journal.Entry]
  /// Entries that write a key, ascending.
  private var writers: [StateKey: [Int]] = [:]
  private var resets: [Int] = []
  private var pending: [(key: StateKey, before: Int)] = []
  private(set) var included: Set<Int> = []
  /// By the number of resets before.
  private var initial: [Int: Set<StateKey>] = [:]

  init(_ entries: [Journal.Entry]) {
    self.entries = entries
    for (index, entry) in entries.enumerated() {
      for key in entry.writes {
        writers[key, default: []].append(index)
        if let kind = key.kind { writers[kind, default: []].append(index) }
      }
      if entry.isReset { resets.append(index) }
    }
  }

  mutating func need(_ key: StateKey, before index: Int) { pending.append((key, index)) }

  mutating func run() {
    while let (key, before) = pending.popLast() {
      let found = writers(of: key, before: before)
      if found.isEmpty { initial[segment(of: before), default: []].insert(key) }
      for writer in found { include(writer) }
      if case .file(let path) = key, let last = found.last, entries[last].resultFiles.contains(path) {
        includeResults(in: path, writtenBy: last)
      }
    }
  }

  /// Which of the segments the entry at `index` is in.
  private func segment(of index: Int) -> Int { resets.count { $0 < index } }

  /// The last, since a fresh session where it is no file; for what names there are each that has added one.
  private func writers(of key: StateKey, before index: Int) -> [Int] {
    let earlier = (writers[key] ?? []).filter { $0 < index }
    switch key {
    case .file: return earlier.suffix(1)
    case .variableNames, .stateItemNames: return earlier.filter { segment(of: $0) == segment(of: index) }
    default: return earlier.suffix(1).filter { segment(of: $0) == segment(of: index) }
    }
  }

  private mutating func include(_ index: Int) {
    guard included.insert(index).inserted else { return }
    for key in entries[index].reads { need(key, before: index) }
  }

  /// Everything from where results began to go to the file.
  private mutating func includeResults(in path: String, writtenBy last: Int) {
    let first = entries[...last].lastIndex { $0.openedFiles.contains(path) } ?? last
    for index in first...last { include(index) }
  }

  /// Those that are needed; a reset divides them.
  var segments: [Journal.Segment] {
    (0...resets.count).compactMap { number in
      let indices = included.filter { segment(of: $0) == number && !entries[$0].isReset }.sorted()
      let needed = initial[number] ?? []
      return indices.isEmpty && needed.isEmpty ? nil : (needed, indices.map { entries[$0] })
    }
  }
}

extension StateKey {
  /// What a change of this key changes besides.
  fileprivate var kind: StateKey? {
    switch self {
    case .variable: .variableNames
    case .stateItem(let part, _): .stateItemNames(part)
    default: nil
    }
  }
}
