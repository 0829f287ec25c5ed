import ExactText
import Files
import Rendering
import Scripting

extension Verification {
  /// Puts what the statements have shown in place of the expectations that differ.
  ///
  /// An expectation that holds stays as it is written. The file is replaced whole or not at all.
  ///
  /// - Parameter addsMissing: every statement that has shown something gets an expectation.
  /// - Returns: how many expectations are new.
  package func bless(addsMissing: Bool) throws -> Int {
    let changed = observed.filter { item in
      item.expected.lines.isEmpty ? addsMissing && !item.shown.isEmpty : !item.differences.isEmpty
    }
    guard !changed.isEmpty, let path = script.source.name else { return 0 }
    try AtomicFile.write(Array(text(with: changed).utf8), to: path)
    return changed.count
  }

  private func text(with changed: [Observed]) -> String {
    let source = script.source
    let lineEnd = source.utf8.contains(UInt8(ascii: "\r")) ? "\r\n" : "\n"
    var text = ""
    var next = 0
    for item in changed {
      text += (next...item.expected.endLine).map(source.lineWithEnd).joined()
      if !text.hasSuffix("\n"), !text.hasSuffix("\r\n") { text += lineEnd }
      text += item.shown.map { Expectation.marked($0) + lineEnd }.joined()
      next = item.expected.lines.upperBound
    }
    return text + (next..<max(next, source.lineCount)).map(source.lineWithEnd).joined()
  }
}
