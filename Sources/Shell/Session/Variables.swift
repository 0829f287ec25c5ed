import Results

/// What scripts have bound: the variables of the session and, inside a function, its own.
package struct Variables: Sendable {
  private(set) var ofSession: [String: Value] = [:]
  /// Parameters and what `let`, `for` and `catch` bind in the function that runs; nil outside of functions.
  var locals: [String: Value]?

  /// Reads the function's variable before the session's; binds in the function if one runs.
  package subscript(name: String) -> Value? {
    get { locals?[name] ?? ofSession[name] }
    set {
      if locals == nil { ofSession[name] = newValue } else { locals?[name] = newValue }
    }
  }

  /// All that can be read, the function's first where names are equal.
  package var visible: [String: Value] { ofSession.merging(locals ?? [:]) { $1 } }

  package var names: [String] { visible.keys.sorted() }
}
