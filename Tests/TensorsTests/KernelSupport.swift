import CKernels

/// Pseudo-random numbers (SplitMix64), so that every run tests the same.
struct Values {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 }

  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Numbers in -bound ... bound.
  mutating func floats(_ count: Int, within bound: Float = 1) -> [Float] {
    (0..<count).map { _ in (Float(next() >> 40) / Float(1 << 23) - 1) * bound }
  }

  mutating func integers(_ count: Int, below end: Int) -> [Int32] {
    (0..<count).map { _ in Int32(next() % UInt64(end)) }
  }
}

/// A norm for the kernels. Addresses of arrays hold during the call alone, hence the closure.
func withNorm<Result>(
  gain: [Float], shift: [Float]?, epsilon: Float, centred: Bool, _ body: (UnsafePointer<ck_norm>) -> Result
) -> Result {
  gain.withUnsafeBufferPointer { gain in
    guard let gain = gain.baseAddress else { preconditionFailure("a norm has a gain") }
    guard let shift else {
      var norm = ck_norm(gain: gain, shift: nil, epsilon: epsilon, centred: centred)
      return body(&norm)
    }
    return shift.withUnsafeBufferPointer { shift in
      var norm = ck_norm(gain: gain, shift: shift.baseAddress, epsilon: epsilon, centred: centred)
      return body(&norm)
    }
  }
}

extension [Float] {
  var doubles: [Double] { map { Double($0) } }

  /// The array after `body`, which gets its address: for kernels that work in place.
  func changed(_ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
    var copy = self
    copy.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      body(base)
    }
    return copy
  }
}

/// A result of `count` floats of a kernel; NaN where it writes nothing.
func result(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
  [Float](repeating: .nan, count: count).changed(body)
}

/// The largest difference; infinite where either is NaN, or for another count.
func worstDifference(_ found: [Float], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  return zip(found, expected).reduce(0) {
    $1.0.isNaN || $1.1.isNaN ? .infinity : max($0, abs(Double($1.0) - $1.1))
  }
}

private let step = 1e-5

/// J t of a function at x, by central differences.
func tangent(of f: ([Double]) -> [Double], at x: [Double], along t: [Double]) -> [Double] {
  let (up, down) = (f(zip(x, t).map { $0 + step * $1 }), f(zip(x, t).map { $0 - step * $1 }))
  return zip(up, down).map { ($0 - $1) / (2 * step) }
}

/// J' g of a function at x, by central differences; of all components or of those at `places`.
func gradient(
  of f: ([Double]) -> [Double], at x: [Double], from g: [Double], places: [Int]? = nil
) -> [Double] {
  (places ?? Array(x.indices)).map { i in
    var t = [Double](repeating: 0, count: x.count)
    t[i] = 1
    return dot(tangent(of: f, at: x, along: t), g)
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

/// Row `row` of a matrix of `width` columns.
func row<T>(_ matrix: [T], _ row: Int, _ width: Int) -> [T] { Array(matrix[row * width..<(row + 1) * width]) }

/// (x - mean) / sqrt(variance + epsilon) gain + shift, or the same without the mean, for each row.
func normalized(
  _ x: [Double], gain: [Double], shift: [Double]?, epsilon: Double, centred: Bool
) -> [Double] {
  let width = gain.count
  return (0..<x.count / width).flatMap { r -> [Double] in
    let values = row(x, r, width)
    let mean = centred ? values.reduce(0, +) / Double(width) : 0
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
    let scale = 1 / (square + epsilon).squareRoot()
    return values.indices.map { (values[$0] - mean) * scale * gain[$0] + (shift?[$0] ?? 0) }
  }
}

/// Memory whose address holds as long as it lives.
final class Memory<Element> {
  let base: UnsafeMutablePointer<Element>
  private let count: Int

  init(_ values: [Element]) {
    (base, count) = (.allocate(capacity: values.count), values.count)
    base.initialize(from: values, count: count)
  }

  var array: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }
}

extension Memory<Float> {
  convenience init(unwritten count: Int) { self.init([Float](repeating: .nan, count: count)) }
}
