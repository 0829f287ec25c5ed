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
    /// The entry whose changes of the session it has taken back: `undo`.
    let takesBack: Int?
    /// Why running it again may give something else; nil when it gives the same.
    let unrepeatable: String?
  }

  private(set) var entries: [Entry] = []
  /// Entries that write a key, ascending.
  fileprivate private(set) var writers: [StateKey: [Int]] = [:]
  fileprivate private(set) var resets: [Int] = []
  /// Entries that were taken back, with those that did.
  fileprivate private(set) var takenBack: [Int: Int] = [:]

  mutating func append(_ entry: Entry) {
    for key in entry.writes {
      writers[key, default: []].append(entries.count)
      if let kind = key.kind { writers[kind, default: []].append(entries.count) }
    }
    if entry.isReset { resets.append(entries.count) }
    if let taken = entry.takesBack { takenBack[taken] = entries.count }
    entries.append(entry)
  }
}

extension Journal.Entry {
  /// What it wrote of the session but for `_`.
  var sessionWrites: Set<StateKey> {
    writes.filter { key in
      switch key {
      case .file, .last: false
      default: true
      }
    }
  }
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
    var slicer = Slicer(self)
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
  private let journal: Journal
  private var pending: [(key: StateKey, before: Int)] = []
  private(set) var included: Set<Int> = []
  /// By the number of resets before.
  private var initial: [Int: Set<StateKey>] = [:]
  /// Keys whose writers before an entry are included, so that what many entries read is followed once.
  private var followed: [StateKey: Set<Int>] = [:]

  init(_ journal: Journal) { self.journal = journal }

  private var entries: [Journal.Entry] { journal.entries }

  mutating func need(_ key: StateKey, before index: Int) { pending.append((key, index)) }

  mutating func run() {
    while let (key, before) = pending.popLast() {
      let found = writers(of: key, before: before)
      if found.isEmpty { initial[segment(of: before), default: []].insert(key) }
      // The last writer stands for all: before it are the same.
      guard let last = found.last, followed[key, default: []].insert(last).inserted else { continue }
      for writer in found.reversed() {
        include(writer)
        if writer != last, followed[key, default: []].contains(writer) { break }
      }
      if case .file(let path) = key, entries[last].resultFiles.contains(path) {
        includeResults(in: path, writtenBy: last)
      }
    }
  }

  /// Which of the segments the entry at `index` is in.
  private func segment(of index: Int) -> Int { journal.resets.count(below: index) }

  /// The last, since a fresh session where it is no file; for what names there are each that has added one.
  private func writers(of key: StateKey, before index: Int) -> ArraySlice<Int> {
    let writers = journal.writers[key] ?? []
    let earlier = writers[..<writers.count(below: index)]
    let segment = segment(of: index)
    let first = segment == 0 ? 0 : journal.resets[segment - 1] + 1
    switch key {
    case .file: return earlier.suffix(1)
    case .variableNames, .stateItemNames: return earlier.suffix(from: writers.count(below: first))
    default: return earlier.suffix(1).drop { $0 < first }
    }
  }

  private mutating func include(_ index: Int) {
    guard included.insert(index).inserted else { return }
    for key in entries[index].reads { need(key, before: index) }
    // Each `undo` takes back what it did: both are there, or none.
    if let undo = journal.takenBack[index] { include(undo) }
    guard let taken = entries[index].takesBack else { return }
    include(taken)
    for key in entries[index].writes { need(key, before: taken) }
  }

  /// Everything from where results began to go to the file.
  private mutating func includeResults(in path: String, writtenBy last: Int) {
    let first = entries[...last].lastIndex { $0.openedFiles.contains(path) } ?? last
    for index in first...last { include(index) }
  }

  /// Those that are needed; a reset divides them.
  var segments: [Journal.Segment] {
    let bySegment = Dictionary(grouping: included, by: segment(of:))
    return (0...journal.resets.count).compactMap { number in
      let indices = (bySegment[number] ?? []).filter { !entries[$0].isReset }.sorted()
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

extension [Int] {
  /// How many of ascending numbers are less than `bound`.
  fileprivate func count(below bound: Int) -> Int {
    var (lower, upper) = (0, count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if self[middle] < bound { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }
}
