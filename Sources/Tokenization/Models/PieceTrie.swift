import Faults

/// The vocabulary as a tree over Unicode scalars: one walk finds the longest piece at a position.
///
/// Each node holds its first edge itself: most have no other, and along a long piece a walk goes through memory in
/// order. Further edges, at most one a piece, share one open-addressed hash table. Keys are scalars, not `String`s:
/// Swift's strings compare by canonical equivalence, and a vocabulary may well hold both forms of an accented letter.
struct PieceTrie: Sendable {
  typealias Node = Int32
  static let root: Node = 0

  private struct Entry: Sendable {
    /// Of the piece that ends here, or -1.
    var id: Int32 = -1
    /// The first edge's; `none` where there is none.
    var scalar = Entry.none
    var target: Node = 0

    static let none = UInt32.max
  }

  private var nodes: [Entry] = [Entry()]
  /// `node << 21 | scalar`, or `Self.free`.
  private var edges: [UInt64]
  private var targets: [Node]
  private var edgeCount = 0

  private static let free = UInt64.max

  /// - Parameter pieceEstimate: how many pieces to make room for at once; more are possible.
  init(pieceEstimate: Int) {
    var capacity = 1024
    while capacity < 2 * pieceEstimate { capacity *= 2 }
    edges = Array(repeating: Self.free, count: capacity)
    targets = Array(repeating: 0, count: capacity)
  }

  /// Adds a piece, unless it is there; returns the id it then has.
  ///
  /// - Throws: ``Interrupted``; the tree may then hold a path without a piece.
  mutating func insert(_ piece: some Sequence<Unicode.Scalar>, id: Int32) throws -> Int32 {
    let node = try path(along: piece)
    if nodes[Int(node)].id < 0 { nodes[Int(node)].id = id }
    return nodes[Int(node)].id
  }

  /// Adds a piece, or gives one that is there another id; returns whether it is new.
  ///
  /// - Throws: as ``insert(_:id:)``.
  @discardableResult
  mutating func set(_ piece: some Sequence<Unicode.Scalar>, id: Int32) throws -> Bool {
    let node = try path(along: piece)
    defer { nodes[Int(node)].id = id }
    return nodes[Int(node)].id < 0
  }

  /// Where a piece ends, also a new one.
  private mutating func path(along piece: some Sequence<Unicode.Scalar>) throws -> Node {
    var node = Self.root
    var steps = Steps()
    for scalar in piece {
      try steps.next()
      node = grow(node, scalar)
    }
    return node
  }

  /// Where a walk along `scalars` ends; nil where no piece begins like that.
  func node(at scalars: some Sequence<Unicode.Scalar>, from start: Node = root) -> Node? {
    var node = start
    for scalar in scalars {
      guard let next = child(of: node, scalar) else { return nil }
      node = next
    }
    return node
  }

  func id(at node: Node) -> Int? {
    nodes[Int(node)].id < 0 ? nil : Int(nodes[Int(node)].id)
  }

  /// The longest piece that begins at `node` and continues along `scalars[range]`; never empty.
  func longestPiece(
    in scalars: [Unicode.Scalar], _ range: Range<Int>, from node: Node
  ) -> (id: Int32, end: Int)? {
    var node = node
    var longest: (id: Int32, end: Int)?
    for index in range {
      guard let next = child(of: node, scalars[index]) else { break }
      node = next
      let id = nodes[Int(node)].id
      if id >= 0 { longest = (id, index + 1) }
    }
    return longest
  }

  /// Passes on the pieces that `scalars[range]` begins with, from the shortest on.
  func forEachPiece(
    in scalars: [Unicode.Scalar], _ range: Range<Int>, _ body: (_ id: Int32, _ end: Int) -> Void
  ) {
    var node = Self.root
    for index in range {
      guard let next = child(of: node, scalars[index]) else { return }
      node = next
      let id = nodes[Int(node)].id
      if id >= 0 { body(id, index + 1) }
    }
  }

  private func child(of node: Node, _ scalar: Unicode.Scalar) -> Node? {
    let entry = nodes[Int(node)]
    if entry.scalar == scalar.value { return entry.target }
    if entry.scalar == Entry.none { return nil }
    let key = Self.key(node, scalar)
    let slot = slot(of: key)
    return edges[slot] == key ? targets[slot] : nil
  }

  private mutating func grow(_ node: Node, _ scalar: Unicode.Scalar) -> Node {
    if let known = child(of: node, scalar) { return known }
    let new = Node(nodes.count)
    nodes.append(Entry())
    if nodes[Int(node)].scalar == Entry.none {
      nodes[Int(node)].scalar = scalar.value
      nodes[Int(node)].target = new
    } else {
      if 2 * (edgeCount + 1) > edges.count { enlarge() }
      let key = Self.key(node, scalar)
      let slot = slot(of: key)
      edges[slot] = key
      targets[slot] = new
      edgeCount += 1
    }
    return new
  }

  private mutating func enlarge() {
    let old = zip(edges, targets)
    edges = Array(repeating: Self.free, count: 2 * edges.count)
    targets = Array(repeating: 0, count: edges.count)
    for (key, target) in old where key != Self.free {
      let slot = slot(of: key)
      edges[slot] = key
      targets[slot] = target
    }
  }

  private static func key(_ node: Node, _ scalar: Unicode.Scalar) -> UInt64 {
    UInt64(node) << 21 | UInt64(scalar.value)
  }

  /// Where `key` is, or the free place where it belongs. Fibonacci hashing, linear probing.
  private func slot(of key: UInt64) -> Int {
    let mask = edges.count - 1
    var slot = Int((key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while edges[slot] != key, edges[slot] != Self.free { slot = (slot + 1) & mask }
    return slot
  }
}
