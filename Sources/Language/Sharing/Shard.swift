import ExactText
import Faults

/// How the rows of a script's commands are divided among jobs.
package enum Sharing: Sendable {
  /// This process computes a share.
  case share(Shard)
  /// So many shares are read.
  case gathering(Int)

  package var shard: Shard? {
    if case .share(let shard) = self { shard } else { nil }
  }
}

/// One of several shares of rows.
package struct Shard: Sendable, Equatable {
  /// From 0.
  package let index: Int
  package let count: Int

  /// - Precondition: 0 <= index < count
  package init(_ index: Int, of count: Int) { (self.index, self.count) = (index, count) }

  /// Reads `I/N`.
  ///
  /// - Throws: ``ShardFault``
  package init(_ text: String) throws(ShardFault) {
    guard let match = text.wholeMatch(of: #/(\d{1,9})/(\d{1,9})/#), let index = Int(match.1),
      let count = Int(match.2)
    else { throw .malformed(text) }
    guard count > 0, index < count else { throw .outOfRange(index: index, count: count) }
    self.init(index, of: count)
  }

  /// `NAME.I-of-N.EXT` for NAME.EXT.
  package func path(of path: String) -> String {
    let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let dot = path[name...].lastIndex(of: ".").flatMap { $0 == name ? nil : $0 } ?? path.endIndex
    return path[..<dot] + ".\(index)-of-\(count)" + path[dot...]
  }

  /// The numbers of this share among rows that are dealt in turns, in `order`.
  package func own(of order: [Int]) -> [Int] {
    stride(from: index, to: order.count, by: count).map { order[$0] }
  }
}

extension Shard: CustomStringConvertible {
  package var description: String { "\(index)/\(count)" }
}

/// What is no share.
package enum ShardFault: Fault, Equatable {
  case malformed(String)
  case outOfRange(index: Int, count: Int)

  package var code: String { "bad-shard" }
  package var remedy: String? { nil }

  package var message: String {
    switch self {
    case .malformed(let text): "`\(text)` is no share: shares are I/N, such as 0/8"
    case .outOfRange(let index, let count):
      count == 0
        ? "there is no share of 0: shares are I/N, I from 0 to N-1"
        : "there is no share \(index) of \(count): they count from 0 to \(count - 1)"
    }
  }
}
