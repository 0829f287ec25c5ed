import CKernels
import Foundation
import Testing

@Suite struct RotaryKernelTests {
  private let rows = 4
  private let heads = 3

  /// As the formula has it, pair by pair.
  private func rotated(
    _ x: [Float], _ size: Int, _ stride: Int, _ rotary: Int, _ angle: (_ row: Int, _ pair: Int) -> Double
  ) -> [Double] {
    var y = x.doubles
    for r in 0..<rows {
      for h in 0..<heads {
        for c in 0..<rotary / 2 {
          let (low, a) = (r * stride + h * size + c, angle(r, c))
          let (x1, x2) = (Double(x[low]), Double(x[low + rotary / 2]))
          y[low] = x1 * cos(a) - x2 * sin(a)
          y[low + rotary / 2] = x2 * cos(a) + x1 * sin(a)
        }
      }
    }
    return y
  }

  @Test(arguments: [(8, 8), (12, 4), (64, 64), (64, 16), (3, 2), (34, 34)])
  func rotates(_ size: Int, _ rotary: Int) {
    var values = Values(size + rotary)
    let (stride, half, positions) = (heads * size + 5, rotary / 2, [7, 0, 2, 5] as [Int32])
    let x = values.floats(rows * stride)
    let angles = values.floats(9 * half, within: 3)
    let (cosines, sines) = (angles.map { cosf($0) }, angles.map { sinf($0) })
    func turned(_ x: [Float], _ order: [Int32]?, inverse: Bool) -> [Float] {
      x.changed {
        ck_rotate($0, stride, rows, heads, size, rotary, positions, order, cosines, sines, inverse)
      }
    }
    let order = [2, 2, 0, 3] as [Int32]
    for order in [nil, order] {
      let place = { (row: Int) in Int(positions[Int(order?[row] ?? Int32(row))]) * half }
      let y = turned(x, order, inverse: false)
      #expect(worstDifference(y, rotated(x, size, stride, rotary) { Double(angles[place($0) + $1]) }) < 1e-6)
      let back = turned(x, order, inverse: true)
      #expect(
        worstDifference(back, rotated(x, size, stride, rotary) { -Double(angles[place($0) + $1]) }) < 1e-6)
      #expect(worstDifference(turned(y, order, inverse: true), x.doubles) < 1e-6)
    }
  }

  @Test func whatIsNotRotaryStays() {
    let x = (0..<2 * 20).map { Float($0) }
    let y = x.changed { ck_rotate($0, 20, 2, 2, 8, 4, [1, 1], nil, [0, 0, 0, 0], [1, 1, 1, 1], false) }
    for i in x.indices where i % 20 >= 16 || i % 20 % 8 >= 4 { #expect(y[i] == x[i]) }
    #expect(y[0...3] == [-2, -3, 0, 1])
  }
}

@Suite struct HeadNormKernelTests {
  static let shapes = [(3, 1), (8, 2), (12, 4), (64, 3)]
  private let rows = 3

  /// The heads of x, dense, and their places in x.
  private func places(_ size: Int, _ heads: Int, _ stride: Int) -> [Int] {
    (0..<rows).flatMap { r in (0..<heads * size).map { r * stride + $0 } }
  }

  @Test(arguments: shapes) func valuesAndDerivatives(_ size: Int, _ heads: Int) {
    for (centred, shifted) in [(true, true), (false, false)] {
      var values = Values(size)
      let (stride, order) = (heads * size + 3, [1, 2, 0] as [Int32])
      let (x, t) = (values.floats(rows * stride, within: 2), values.floats(rows * stride))
      let (gain, shift) = (values.floats(size, within: 2), shifted ? values.floats(size) : nil)
      let places = places(size, heads, stride)
      func f(_ x: [Double]) -> [Double] {
        normalized(
          x, gain: gain.doubles, shift: shift?.doubles, epsilon: Double(1e-5 as Float), centred: centred)
      }
      withNorm(gain: gain, shift: shift, epsilon: 1e-5, centred: centred) { norm in
        let y = x.changed { ck_head_norm(norm, $0, stride, rows, heads, size) }
        let dense = places.map { x[$0] }
        #expect(worstDifference(places.map { y[$0] }, f(dense.doubles)) < 1e-5)
        let outside = x.indices.filter { $0 % stride >= heads * size }
        #expect(outside.allSatisfy { y[$0] == x[$0] })

        var (unit, scale) = (dense, [Float](repeating: .nan, count: rows * heads))
        let taped = x.changed { ck_head_norm_taped(norm, $0, stride, &unit, &scale, rows, heads, size) }
        #expect(worstDifference(taped, y.doubles) < 1e-5)

        let points = order.flatMap { row(dense, Int($0), heads * size) }.doubles
        let direction = places.map { Double(t[$0]) }
        let moved = t.changed {
          ck_head_norm_tangent(norm, $0, stride, order, unit, scale, rows, heads, size)
        }
        #expect(
          worstDifference(places.map { moved[$0] }, tangent(of: f, at: points, along: direction)) < 3e-5)
        let pulled = t.changed {
          ck_head_norm_gradient(norm, $0, stride, order, unit, scale, rows, heads, size)
        }
        #expect(
          worstDifference(places.map { pulled[$0] }, gradient(of: f, at: points, from: direction)) < 3e-5)
        #expect(outside.allSatisfy { moved[$0] == t[$0] && pulled[$0] == t[$0] })
        let plain = t.changed { ck_head_norm_tangent(norm, $0, stride, nil, unit, scale, rows, heads, size) }
        #expect(
          worstDifference(places.map { plain[$0] }, tangent(of: f, at: dense.doubles, along: direction))
            < 3e-5)
      }
    }
  }
}
