import CKernels
import Foundation
import Testing

private let functions: [(ck_activation, @Sendable (Double) -> Double)] = [
  (CK_GELU, { $0 * (1 + erf($0 / 2.0.squareRoot())) / 2 }),
  (CK_GELU_TANH, { $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) / 2 }),
  (CK_RELU, { max($0, 0) }),
  (CK_SILU, { $0 / (1 + exp(-$0)) }),
  (CK_TANH, { tanh($0) }),
]

/// f'(x) by central differences.
private func slope(_ f: (Double) -> Double, _ x: Double) -> Double { (f(x + 1e-5) - f(x - 1e-5)) / 2e-5 }

/// Differences that are allowed where values are of the size of `x`.
private let tolerance = 2e-6

@Suite struct ActivationKernelTests {
  static let shapes = [(1, 1), (2, 7), (3, 33), (5, 48)]

  @Test(arguments: shapes) func valuesAndSlopes(_ rows: Int, _ width: Int) {
    var values = Values(width)
    let (x, bias) = (values.floats(rows * width, within: 6), values.floats(width))
    let sums = x.indices.map { Double(x[$0] + bias[$0 % width]) }
    for (f, reference) in functions {
      var pre = x
      let post = result(x.count) { ck_bias_activate(f, x, bias, &pre, $0, rows, width) }
      #expect(worstDifference(post, sums.map(reference)) < tolerance)
      #expect(worstDifference(pre, sums) == 0)
      #expect(result(x.count) { ck_bias_activate(f, x, bias, nil, $0, rows, width) } == post)
      #expect(x.changed { ck_bias_activate(f, $0, bias, nil, $0, rows, width) } == post)
      var after = x
      #expect(x.changed { ck_bias_activate(f, $0, bias, $0, &after, rows, width) } == pre)
      #expect(after == post)
      var slopes = x
      let taped = x.changed { ck_bias_activate_taped(f, $0, bias, $0, &slopes, rows, width) }
      #expect(worstDifference(taped, sums.map(reference)) < tolerance)
      #expect(worstDifference(slopes, sums.map { slope(reference, $0) }) < tolerance)
    }
  }

  @Test func slopesFarOut() {
    let x: [Float] = [.nan, .infinity, 1e30, -1e30, 0, 90, -90]
    let expected: [(ck_activation, [Float])] = [
      (CK_GELU, [1, 1, 0, 0.5, 1, 0]), (CK_GELU_TANH, [1, 1, 0, 0.5, 1, 0]), (CK_RELU, [1, 1, 0, 0, 1, 0]),
      (CK_SILU, [1, 1, 0, 0.5, 1, 0]), (CK_TANH, [0, 0, 0, 1, 0, 0]),
    ]
    for (f, slopes) in expected {
      var post = x
      let found = result(7) { ck_bias_activate_taped(f, x, [Float](repeating: 0, count: 7), &post, $0, 1, 7) }
      #expect(post[0].isNaN && found[0].isNaN)
      #expect(zip(found[1...], slopes).allSatisfy { abs($0 - $1) < 1e-30 })
    }
  }

  @Test func siluFarOut() {
    let y = activated(CK_SILU, [.nan, .infinity, 1e30, -1e30, 0, 1e-30, 200, -200])
    #expect(y[0].isNaN)
    #expect(y[1...] == [.infinity, 1e30, 0, 0, 5e-31, 200, 0])
  }

  @Test(arguments: shapes) func gates(_ rows: Int, _ width: Int) {
    var values = Values(width + 1)
    let (x, bias) = (values.floats(2 * rows * width, within: 4), values.floats(2 * width))
    let sums = x.indices.map { Double(x[$0] + bias[$0 % (2 * width)]) }
    let (gates, ups) = (0..<rows).reduce(into: ([Double](), [Double]())) { parts, r in
      parts.0 += row(sums, 2 * r, width)
      parts.1 += row(sums, 2 * r + 1, width)
    }
    for (f, reference) in functions {
      let expected = zip(gates, ups).map { reference($0) * $1 }
      var (gate, up) = (
        [Float](repeating: .nan, count: rows * width), [Float](repeating: .nan, count: rows * width)
      )
      let post = result(rows * width) { ck_bias_gate(f, x, bias, &gate, &up, $0, rows, width) }
      #expect(worstDifference(post, expected) < 5 * tolerance)
      #expect(worstDifference(gate, gates) == 0 && worstDifference(up, ups) == 0)
      #expect(result(rows * width) { ck_bias_gate(f, x, bias, nil, nil, $0, rows, width) } == post)
      var taped = post
      let slopes = x.changed { ck_bias_gate_taped(f, $0, bias, &taped, $0, rows, width) }
      #expect(worstDifference(taped, expected) < 5 * tolerance)
      let factors = (0..<rows).flatMap { r -> [Double] in
        let (g, u) = (row(gates, r, width), row(ups, r, width))
        return zip(g, u).map { slope(reference, $0) * $1 } + g.map(reference)
      }
      #expect(worstDifference(slopes, factors) < 1e-5)
      derivatives(of: slopes, rows, width, &values)
    }
  }

  /// The tangent's transpose is the gradient, and either takes the rows of the tape.
  private func derivatives(of slopes: [Float], _ rows: Int, _ width: Int, _ values: inout Values) {
    let (t, g) = (values.floats(2 * rows * width), values.floats(rows * width))
    let order = (0..<rows).map { Int32(rows - 1 - $0) }
    let ordered = order.flatMap { row(slopes, Int($0), 2 * width) }
    let tangent = result(rows * width) { ck_gate_tangent(t, order, slopes, $0, rows, width) }
    let expected = (0..<rows).flatMap { r in
      (0..<width).map { i -> Double in
        let gate = 2 * r * width + i
        return Double(ordered[gate]) * Double(t[gate]) + Double(ordered[gate + width])
          * Double(t[gate + width])
      }
    }
    #expect(worstDifference(tangent, expected) < 1e-5)
    #expect(result(rows * width) { ck_gate_tangent(t, nil, ordered, $0, rows, width) } == tangent)
    let gradient = result(t.count) { ck_gate_gradient(g, order, slopes, $0, rows, width) }
    #expect(abs(dot(tangent.doubles, g.doubles) - dot(gradient.doubles, t.doubles)) < 1e-4)
    #expect(gradient[0] == ordered[0] * g[0] && gradient[width] == ordered[width] * g[0])
    #expect(result(t.count) { ck_gate_gradient(g, nil, ordered, $0, rows, width) } == gradient)
  }

  @Test(arguments: shapes) func embeddings(_ rows: Int, _ width: Int) {
    var values = Values(width + 2)
    let (words, positions, types) = (
      values.floats(rows * width), values.floats(9 * width), values.floats(2 * width)
    )
    let (positionIDs, typeIDs) = (values.integers(rows, below: 9), values.integers(rows, below: 2))
    for (positioned, typed) in [(true, true), (true, false), (false, true), (false, false)] {
      let expected = words.indices.map { i -> Double in
        let (r, c) = (i / width, i % width)
        let position = positioned ? Double(positions[Int(positionIDs[r]) * width + c]) : 0
        return 3 * Double(words[i]) + position + (typed ? Double(types[Int(typeIDs[r]) * width + c]) : 0)
      }
      let sum = words.changed {
        ck_add_embeddings(
          $0, 3, positioned ? positions : nil, positionIDs, typed ? types : nil, typeIDs, $0, rows, width)
      }
      #expect(worstDifference(sum, expected) < 1e-6)
    }
  }
}
