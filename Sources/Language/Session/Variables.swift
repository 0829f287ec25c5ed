import ExactText
import Results

/// What scripts have bound: the variables of the session and, inside a function, its own.
package struct Variables: WatchedPart {
  private var ofSession = WatchedTable<Value>(names: .variableNames) { .variable($0) }
  /// Parameters and what `let`, `for` and `catch` bind in the function that runs; nil outside of functions.
  var locals: NameTable<Value>?

  /// Reads the function's variable before the session's; binds in the function if one runs.
  package subscript(name: String) -> Value? {
    get { locals?[name] ?? ofSession[name] }
    set {
      if locals == nil { ofSession[name] = newValue } else { locals?[name] = newValue }
    }
  }

  /// All that can be read, the function's first where names are equal.
  package var visible: NameTable<Value> {
    ofSession.all.merging(locals ?? [:]) { $1 }
  }

  package var names: [String] { visible.keys.sorted() }

  /// Names of the values that `condition` holds for, sorted. Only those count as read.
  package func names(where condition: (Value) -> Bool) -> [String] {
    let names = ofSession.names(where: condition) + (locals ?? [:]).filter { condition($0.value) }.keys
    return NameList(names).sorted()
  }

  package var writtenKeys: Set<StateKey> { ofSession.writtenKeys }

  package mutating func begin(_ log: StatementLog) { ofSession.begin(log) }
}
