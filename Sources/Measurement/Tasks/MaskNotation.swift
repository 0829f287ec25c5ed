import ExactText
import Faults

/// How data sets write the word that is hidden.
///
/// `***mask***`: Goldberg 2019 (1901.05287), also of Linzen et al. 2016 and Gulordava et al. 2018; `<mask>`: the token of
/// RoBERTa. A task has them as `[MASK]`, for which each model takes its own token.
enum MaskNotation {
  static let ours = "[MASK]"

  /// In small letters; capitals do not count.
  private static let spellings = ["[mask]", "***mask***", "<mask>"].map { Array($0.utf8) }

  /// - Throws: ``Interrupted``.
  static func isPresent(in text: ArraySlice<UInt8>) throws -> Bool {
    var steps = Steps()
    for index in text.indices {
      try steps.next()
      if spelling(at: index, in: text) != nil { return true }
    }
    return false
  }

  /// The text with our notation for each.
  static func unified(_ text: String) -> String {
    let bytes = Array(text.utf8)[...]
    var (unified, index) = ([UInt8](), 0)
    while index < bytes.endIndex {
      let length = spelling(at: index, in: bytes)
      if length == nil { unified.append(bytes[index]) } else { unified += Array(ours.utf8) }
      index += length ?? 1
    }
    return String(decoding: unified, as: UTF8.self)
  }

  /// How long the notation that begins there is.
  private static func spelling(at index: Int, in text: ArraySlice<UInt8>) -> Int? {
    switch text[index] {
    case UInt8(ascii: "["), UInt8(ascii: "*"), UInt8(ascii: "<"): break
    default: return nil
    }
    return spellings.first { text[index...].prefix($0.count).map(lowercased).elementsEqual($0) }?.count
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
