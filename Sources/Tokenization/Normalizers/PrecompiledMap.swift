import ExactText
import Faults
import Foundation
import JSONReading

/// SentencePiece's compiled replacements: a double-array tree over UTF-8, and the texts that its leaves point at.
///
/// The format is that of `precompiled_charsmap`: the size of the tree in bytes, its units (Darts, little-endian), then the
/// texts, each ended by a zero byte. Lookup follows `spm_precompiled`, which takes the shortest entry that a text begins with.
struct PrecompiledMap: Sendable {
  private let units: [UInt32]
  private let texts: [UInt8]

  /// - Parameter field: the map in base64.
  init(_ field: JSONField) throws {
    guard let data = Data(base64Encoded: try field.string()) else { throw field.mismatch("base64") }
    let bytes = [UInt8](data)
    func unit(_ place: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
    }
    guard bytes.count >= 4, case let size = Int(unit(0)), size % 4 == 0, size > 0, 4 + size <= bytes.count
    else {
      throw field.mismatch("the size of a tree and the tree", found: "\(bytes.count) bytes")
    }
    units = try (0..<size / 4).interruptibleMap { unit(4 + 4 * $0) }
    texts = Array(bytes[(4 + size)...])
    guard try String(interruptiblyValidating: texts[...]) != nil else {
      throw field.mismatch("texts in UTF-8", found: "other bytes")
    }
  }

  /// Clusters of characters of less than 6 bytes are looked up as a whole, else their characters one by one.
  func apply(to text: NormalizedText) throws -> NormalizedText {
    var rewriter = TextRewriter(text)
    var isChanged = false
    var steps = Steps()
    let whole = String(String.UnicodeScalarView(text.scalars))
    for cluster in whole {
      try steps.next()
      if cluster.utf8.count < 6, let new = replacement(of: cluster.utf8) {
        isChanged = true
        rewriter.replace(cluster.unicodeScalars.count, with: new)
        continue
      }
      for scalar in cluster.unicodeScalars {
        try steps.next()
        if let new = replacement(of: String(scalar).utf8) {
          isChanged = true
          rewriter.replace(1, with: new)
        } else {
          rewriter.put(scalar, change: 0)
        }
      }
    }
    return isChanged ? rewriter.result : text
  }

  private func replacement(of bytes: some Sequence<UInt8>) -> [Unicode.Scalar]? {
    var node = Self.offset(units[0])
    for byte in bytes {
      if byte == 0 { return nil }
      node ^= Int(byte)
      guard units.indices.contains(node), units[node] & 0x8000_00FF == UInt32(byte) else { return nil }
      let unit = units[node]
      node ^= Self.offset(unit)
      if unit >> 8 & 1 == 1 {
        guard units.indices.contains(node) else { return nil }
        return text(at: Int(units[node] & 0x7FFF_FFFF))
      }
    }
    return nil
  }

  private static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 1 << 9) >> 6) }

  private func text(at place: Int) -> [Unicode.Scalar]? {
    guard place < texts.count else { return place == texts.count ? [] : nil }
    let text = texts[place...].prefix { $0 != 0 }
    return String(validating: text, as: UTF8.self).map { Array($0.unicodeScalars) }
  }
}

extension TextRewriter {
  /// Puts `new` in place of the next `count` characters, as `replace` of `tokenizers`' Precompiled counts the changes: what
  /// is more is inserted at the end, what is less is removed behind the last.
  fileprivate mutating func replace(_ count: Int, with new: [Unicode.Scalar]) {
    if new.isEmpty {
      removeBehindLast(count)
    } else if new.count >= count {
      for (index, scalar) in new.enumerated() { put(scalar, change: index < count ? 0 : 1) }
    } else {
      for (index, scalar) in new.enumerated() {
        put(scalar, change: index < new.count - 1 ? 0 : new.count - count)
      }
    }
  }
}
