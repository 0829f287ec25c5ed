/// Which texts are JSON.
package enum JSONDialect: Sendable {
  /// RFC 8259, each key once, numbers finite: for what people write and measure, where a repeated key is a mistake
  /// and a number that is none would give wrong results.
  case strict
  /// As `save` writes: RFC 8259 with the numbers `NaN`, `Infinity` and `-Infinity`, each key once.
  case saved
  /// As Python's `json` module reads, which wrote the files of models: `NaN`, `Infinity` and `-Infinity` are numbers,
  /// as are those too large for a Double, and of equal keys the last counts.
  case python

  /// Whether `NaN`, `Infinity` and `-Infinity` are numbers.
  package var namesNumbers: Bool { self != .strict }
}
