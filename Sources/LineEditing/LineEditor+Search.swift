import CLineEdit
import ExactText

/// Ctrl-R: what is typed is looked for in the history, and what matches is shown below the text.
extension LineEditor {
  /// Keys of a search.
  private enum Key {
    case word(Unicode.Scalar)
    case erase, eraseAll, older, newer
    /// Takes what was found; the key acts on it.
    case accept(then: UInt32?)
    case cancel

    init(_ key: UInt32, _ editor: OpaquePointer) {
      switch key {
      case 0, 0x07: self = .cancel
      case 0x08, 0x7F: self = .erase
      case 0x15: self = .eraseAll
      // Older ones stand below.
      case 0x12, 0x0E: self = .older
      case 0x13, 0x10: self = .newer
      case 0x09: self = .accept(then: nil)
      case 0x1B: self = Self.escaped(editor)
      case 0x01..<0x20: self = .accept(then: key)
      default: self = Unicode.Scalar(key).map(Key.word) ?? .cancel
      }
    }

    /// Escape alone, or an arrow.
    private static func escaped(_ editor: OpaquePointer) -> Key {
      guard line_edit_key_goes_on(editor) else { return .cancel }
      _ = line_edit_next_key(editor)
      var last = line_edit_next_key(editor)
      while last != 0, !(0x40...0x7E ~= last) { last = line_edit_next_key(editor) }
      switch last {
      case 0x41: return .newer
      case 0x42: return .older
      default: return .accept(then: nil)
      }
    }
  }

  /// - Returns: whether the text is what was found.
  func searchHistory(_ editor: OpaquePointer, in history: [String], from text: String) -> TextEdit? {
    var search = HistorySearch(in: history, for: text.contains("\n") ? "" : text)
    line_edit_begin_below(editor)
    defer { line_edit_end_below(editor) }
    while true {
      show(search, editor)
      switch Key(line_edit_next_key(editor), editor) {
      case .word(let scalar): search.type(scalar)
      case .erase: search.erase()
      case .eraseAll: search.eraseAll()
      case .older: if !search.move(older: true) { line_edit_write(editor, "\u{7}") }
      case .newer: if !search.move(older: false) { line_edit_write(editor, "\u{7}") }
      case .cancel: return nil
      case .accept(let key):
        guard let found = search.found else {
          line_edit_write(editor, "\u{7}")
          continue
        }
        if let key { line_edit_push_back(editor, key) }
        return TextEdit(text: found, cursor: found.unicodeScalars.count)
      }
    }
  }

  /// A screen holds the text, and ten matches tell enough.
  private static let mostRows = 11

  private func show(_ search: HistorySearch, _ editor: OpaquePointer) {
    var (rows, columns): (Int32, Int32) = (0, 0)
    line_edit_terminal_size(input, &rows, &columns)
    let room = min(Self.mostRows, Int(rows) - Int(line_edit_text_rows(editor)))
    let (lines, cursor) = search.lines(columns: Int(columns), rows: max(1, room))
    line_edit_clear_below(editor)
    line_edit_write(editor, lines.joined(separator: "\n") + "\r")
    if lines.count > 1 { line_edit_write(editor, "\u{1B}[\(lines.count - 1)A") }
    if cursor > 0 { line_edit_write(editor, "\u{1B}[\(cursor)C") }
  }
}
