/// Which keys a query may read, by positions.
public enum AttentionMask: Sendable, Hashable {
  case full
  /// Keys up to the query's own position; with a window only the last `window` of them.
  case causal(window: Int?)
  /// Keys at most `reach` positions away on either side.
  case window(reach: Int)

  /// The keys of `length` that the query at `position` may read.
  package func keys(of position: Int, length: Int) -> Range<Int> {
    switch self {
    case .full: 0..<length
    case .causal(nil): 0..<position + 1
    case .causal(let window?): max(0, position - window + 1)..<position + 1
    case .window(let reach): max(0, position - reach)..<min(length, position + reach + 1)
    }
  }

  /// First and end key of each query, (queries, 2), as the kernels take them; nil where every query reads all keys.
  package func ranges(of positions: some Sequence<Int>, length: Int) -> [Int32]? {
    guard self != .full else { return nil }
    return positions.flatMap { position -> [Int32] in
      let keys = keys(of: position, length: length)
      return [Int32(keys.lowerBound), Int32(keys.upperBound)]
    }
  }
}
