import Transformers

/// ||y - share x||_1, of `count` components.
func distance(_ y: Floats, _ x: Floats, share: Float = 1, count: Int) -> Double {
  typealias Lanes = SIMD8<Float>
  let (lanes, block) = (Lanes.scalarCount, 64)
  var (total, place) = (0.0, 0)
  // Blocks are summed in Double: what is left of the sums after a subtraction is small.
  while place + block <= count {
    var sums = Lanes()
    for start in stride(from: place, to: place + block, by: lanes) {
      let a = UnsafeRawPointer(y + start).loadUnaligned(as: Lanes.self)
      let b = UnsafeRawPointer(x + start).loadUnaligned(as: Lanes.self)
      let difference = a - b * share
      sums += difference.replacing(with: -difference, where: difference .< 0)
    }
    total += Double(sums.sum())
    place += block
  }
  while place < count {
    total += Double(abs(y[place] - share * x[place]))
    place += 1
  }
  return total
}

/// How near a part comes to the whole, measured from the origin: ||y||_1 - ||y - share x||_1, and 0 where it is no nearer than
/// that.
///
/// - Parameter size: ||y||_1.
func proximity(_ y: Floats, size: Double, to x: Floats, share: Float = 1, count: Int) -> Double {
  let value = size - distance(y, x, share: share, count: count)
  // NaN stays NaN.
  return value < 0 ? 0 : value
}
