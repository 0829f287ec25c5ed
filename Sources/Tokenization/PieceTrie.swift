/// The vocabulary as a tree over Unicode scalars: one walk finds the longest piece at a position.
///
/// The edges of all nodes share one open-addressed hash table, so a step costs one probe or two
/// and building allocates no object per node. Keys are scalars, not `String`s: Swift's strings
/// compare by canonical equivalence, and a vocabulary may well hold both forms of an accented
/// letter.
struct PieceTrie: Sendable {
  typealias Node = Int32
  static let root: Node = 0

  /// `node << 21 | scalar`, or `Self.free`.
  private var edges: [UInt64]
  private var targets: [Node]
  private var edgeCount = 0
  /// By node: the id of the piece that ends there, or -1.
  private var ids: [Int32] = [-1]

  private static let free = UInt64.max

  /// - Parameter edgeEstimate: how many edges to make room for at once; more are possible.
  init(edgeEstimate: Int) {
    var capacity = 1024
    while capacity < 2 * edgeEstimate { capacity *= 2 }
    edges = Array(repeating: Self.free, count: capacity)
    targets = Array(repeating: 0, count: capacity)
  }

  /// Adds a piece, unless it is there; returns the id it then has.
  mutating func insert(_ piece: some Sequence<Unicode.Scalar>, id: Int32) -> Int32 {
    var node = Self.root
    for scalar in piece { node = grow(node, scalar) }
    if ids[Int(node)] < 0 { ids[Int(node)] = id }
    return ids[Int(node)]
  }

  /// Adds a piece, or gives one that is there another id; returns whether it is new.
  @discardableResult
  mutating func set(_ piece: some Sequence<Unicode.Scalar>, id: Int32) -> Bool {
    var node = Self.root
    for scalar in piece { node = grow(node, scalar) }
    defer { ids[Int(node)] = id }
    return ids[Int(node)] < 0
  }

  /// Where a walk along `scalars` ends; nil where no piece begins like that.
  func node(at scalars: String.UnicodeScalarView) -> Node? {
    var node = Self.root
    for scalar in scalars {
      guard let next = child(of: node, scalar) else { return nil }
      node = next
    }
    return node
  }

  func id(at node: Node) -> Int? {
    ids[Int(node)] < 0 ? nil : Int(ids[Int(node)])
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
      if ids[Int(node)] >= 0 { longest = (ids[Int(node)], index + 1) }
    }
    return longest
  }

  private func child(of node: Node, _ scalar: Unicode.Scalar) -> Node? {
    let key = Self.key(node, scalar)
    let slot = slot(of: key)
    return edges[slot] == key ? targets[slot] : nil
  }

  private mutating func grow(_ node: Node, _ scalar: Unicode.Scalar) -> Node {
    let key = Self.key(node, scalar)
    var slot = slot(of: key)
    if edges[slot] == key { return targets[slot] }
    if 2 * (edgeCount + 1) > edges.count {
      enlarge()
      slot = self.slot(of: key)
    }
    edges[slot] = key
    targets[slot] = Node(ids.count)
    edgeCount += 1
    ids.append(-1)
    return targets[slot]
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
