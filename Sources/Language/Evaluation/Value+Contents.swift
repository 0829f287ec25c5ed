import ExactText
import Faults
import Results
import Tensors

extension Value {
  /// Whether a string has a part, a list or tensor an element, a range a number, a record a key, a table a column; nil where
  /// that is no question.
  ///
  /// - Throws: ``Interrupted``.
  func contains(_ part: Value) throws -> Bool? {
    switch (tabular, part) {
    case (.string(let text), .string(let part)):
      let search = try part.isEmpty ? nil : TextSearch(for: part, check: Interruption.check)
      return try search.map { try !$0.places(in: text, limit: 1).isEmpty } ?? true
    case (.record(let record), .string(let key)): return record[key] != nil
    case (.table(let table), .string(let name)): return table.columns.contains(name)
    case (.range(let range), .number(let number)):
      return number.rounded() == number && Double(range.lower) <= number && number < Double(range.upper)
    case (.tensor(let tensor), .number(let number)):
      return try tensor.withUnsafeBufferPointer { try !$0.interruptibleAllSatisfy { $0 != Float(number) } }
    case (.list(let elements), let part):
      return try !elements.interruptibleAllSatisfy { try !$0.isEqual(to: part) }
    default: return nil
    }
  }
}
