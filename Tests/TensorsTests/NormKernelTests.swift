import CKernels
import Testing

struct NormCase: Sendable, CustomTestStringConvertible {
  let width: Int
  let rows: Int
  let centred: Bool
  let shifted: Bool

  static let all = [1, 7, 33, 48, 200].flatMap { width in
    [(true, true), (true, false), (false, false)].enumerated().map { index, kind in
      NormCase(width: width, rows: 1 + (width + index) % 5, centred: kind.0, shifted: kind.1)
    }
  }

  var testDescription: String {
    "\(rows) x \(width)\(centred ? ", centred" : "")\(shifted ? ", shifted" : "")"
  }
}

/// What a kernel of a case reads.
private struct Operands {
  let this: NormCase
  let (x, residual, added, gain, bias): ([Float], [Float], [Float], [Float], [Float])
  let shift: [Float]?
  let epsilon: Float = 1e-5

  init(_ this: NormCase) {
    var values = Values(this.width * 10 + this.rows)
    let count = this.rows * this.width
    self.this = this
    (x, residual) = (values.floats(count, within: 2), values.floats(count))
    added = values.floats(count)
    (gain, bias) = (values.floats(this.width, within: 2), values.floats(this.width))
    shift = this.shifted ? values.floats(this.width) : nil
  }

  func norm(_ x: [Double]) -> [Double] {
    normalized(
      x, gain: gain.doubles, shift: shift?.doubles, epsilon: Double(epsilon), centred: this.centred)
  }

  func withKernel<R>(_ body: (UnsafePointer<ck_norm>, Int, Int) -> R) -> R {
    withNorm(gain: gain, shift: shift, epsilon: epsilon, centred: this.centred) {
      body($0, this.rows, this.width)
    }
  }

  /// x + bias + residual, each if wanted.
  func sum(bias biased: Bool, residual skipped: Bool) -> [Double] {
    x.indices.map { i in
      Double(x[i]) + (biased ? Double(bias[i % this.width]) : 0) + (skipped ? Double(residual[i]) : 0)
    }
  }
}

private let combinations = [(false, false), (false, true), (true, false), (true, true)]

@Suite struct NormKernelTests {
  @Test(arguments: NormCase.all) func values(_ this: NormCase) {
    let o = Operands(this)
    let y = result(o.x.count) { y in o.withKernel { ck_norm_rows($0, o.x, y, $1, $2) } }
    #expect(worstDifference(y, o.norm(o.x.doubles)) < 1e-5)
    #expect(o.x.changed { x in o.withKernel { ck_norm_rows($0, x, x, $1, $2) } } == y)
  }

  @Test(arguments: NormCase.all) func residuals(_ this: NormCase) {
    let (o, count) = (Operands(this), Operands(this).x.count)
    for bias in [o.bias, nil] {
      let sum = o.sum(bias: bias != nil, residual: true)
      var raw: [Float] = []
      let y = result(count) { y in
        raw = result(count) { raw in
          o.withKernel { ck_residual_norm($0, o.x, bias, o.residual, raw, y, $1, $2) }
        }
      }
      #expect(worstDifference(raw, sum) < 1e-6)
      #expect(worstDifference(y, o.norm(sum)) < 1e-5)
      func inPlace(
        _ places: (_ x: Memory<Float>, _ residual: Memory<Float>) -> (raw: Memory<Float>, y: Memory<Float>)
      ) -> ([Float], [Float]) {
        let (x, residual) = (Memory(o.x), Memory(o.residual))
        let places = places(x, residual)
        o.withKernel {
          ck_residual_norm($0, x.base, bias, residual.base, places.raw.base, places.y.base, $1, $2)
        }
        return withExtendedLifetime((x, residual)) { (places.raw.array, places.y.array) }
      }
      #expect(inPlace { ($0, $1) } == (raw, y))
      #expect(inPlace { ($1, $0) } == (raw, y))
      #expect(inPlace { x, _ in (x, x) } == (y, y))
    }
  }

  @Test(arguments: NormCase.all) func sums(_ this: NormCase) {
    let o = Operands(this)
    for (biased, skipped) in combinations {
      let (bias, residual) = (biased ? o.bias : nil, skipped ? o.residual : nil)
      let y = result(o.x.count) { ck_residual_add(o.x, bias, residual, $0, this.rows, this.width) }
      #expect(worstDifference(y, o.sum(bias: biased, residual: skipped)) < 1e-6)
      #expect(o.x.changed { ck_residual_add($0, bias, residual, $0, this.rows, this.width) } == y)
      guard skipped else { continue }
      #expect(o.residual.changed { ck_residual_add(o.x, bias, $0, $0, this.rows, this.width) } == y)
    }
  }

  @Test(arguments: NormCase.all) func taped(_ this: NormCase) {
    let o = Operands(this)
    for (biased, skipped) in combinations {
      let (bias, residual) = (biased ? o.bias : nil, skipped ? o.residual : nil)
      let sum = o.sum(bias: biased, residual: skipped)
      let tape = Tape(o, bias: bias, residual: residual)
      #expect(worstDifference(tape.raw, sum) < 1e-6)
      #expect(worstDifference(tape.y, o.norm(sum)) < 1e-5)
      let unit = normalized(
        sum, gain: [Double](repeating: 1, count: this.width), shift: nil, epsilon: Double(o.epsilon),
        centred: this.centred)
      #expect(worstDifference(tape.normalized, unit) < 1e-5)
      var (n, s) = (tape.normalized, tape.scale)
      #expect(
        o.x.changed { x in o.withKernel { ck_norm_taped($0, x, bias, residual, nil, &n, &s, x, $1, $2) } }
          == tape.y)
      var y = o.x
      #expect(
        o.x.changed { x in o.withKernel { ck_norm_taped($0, x, bias, residual, x, &n, &s, &y, $1, $2) } }
          == tape.raw)
      guard skipped else { continue }
      #expect(
        o.residual.changed { r in o.withKernel { ck_norm_taped($0, o.x, bias, r, nil, &n, &s, r, $1, $2) } }
          == tape.y)
      #expect(
        o.residual.changed { r in o.withKernel { ck_norm_taped($0, o.x, bias, r, r, &n, &s, &y, $1, $2) } }
          == tape.raw)
      #expect(y == tape.y)
    }
  }

  @Test func aRowWithNaNIsNaN() {
    for centred in [true, false] {
      var x = [Float](repeating: 1, count: 99)
      x[40] = .nan
      let gain = [Float](repeating: 1, count: 33)
      let y = withNorm(gain: gain, shift: nil, epsilon: 1e-5, centred: centred) { norm in
        result(99) { ck_norm_rows(norm, x, $0, 3, 33) }
      }
      #expect(y.indices.allSatisfy { y[$0].isNaN == (33..<66).contains($0) })
    }
  }
}

/// What a taped norm keeps.
private struct Tape {
  var (raw, normalized, scale, y): ([Float], [Float], [Float], [Float])

  init(_ o: Operands, bias: [Float]? = nil, residual: [Float]? = nil) {
    var (raw, normalized, y) = (o.x, o.x, o.x)
    var scale = [Float](repeating: .nan, count: o.this.rows)
    o.withKernel { ck_norm_taped($0, o.x, bias, residual, &raw, &normalized, &scale, &y, $1, $2) }
    (self.raw, self.normalized, self.scale, self.y) = (raw, normalized, scale, y)
  }
}

@Suite struct NormDerivativeTests {
  /// Rows of tape and residual in another order; the last row has no residual.
  private func rows(_ this: NormCase) -> (tape: [Int32], residual: [Int32]) {
    let tape = (0..<this.rows).map { Int32(this.rows - 1 - $0) }
    return (tape, (0..<this.rows).map { $0 == this.rows - 1 ? -1 : Int32(($0 + 1) % this.rows) })
  }

  @Test(arguments: NormCase.all) func tangents(_ this: NormCase) {
    let o = Operands(this)
    let (tape, t) = (Tape(o), o.added)
    let (tapeRows, residualRows) = rows(this)
    let width = this.width
    let moved = (0..<this.rows).flatMap { r -> [Float] in
      guard residualRows[r] >= 0 else { return row(t, r, width) }
      return zip(row(t, r, width), row(o.residual, Int(residualRows[r]), width)).map { $0 + $1 }
    }
    let points = tapeRows.flatMap { row(o.x, Int($0), width) }.doubles
    let expected = tangent(of: o.norm, at: points, along: moved.doubles)
    let y = result(t.count) { y in
      o.withKernel {
        ck_norm_tangent($0, t, o.residual, residualRows, tapeRows, tape.normalized, tape.scale, y, $1, $2)
      }
    }
    #expect(worstDifference(y, expected) < 3e-5)
    let inPlace = t.changed { t in
      o.withKernel {
        ck_norm_tangent($0, t, o.residual, residualRows, tapeRows, tape.normalized, tape.scale, t, $1, $2)
      }
    }
    #expect(inPlace == y)
    let plain = t.changed { t in
      o.withKernel { ck_norm_tangent($0, t, nil, nil, nil, tape.normalized, tape.scale, t, $1, $2) }
    }
    #expect(worstDifference(plain, tangent(of: o.norm, at: o.x.doubles, along: t.doubles)) < 3e-5)
    let added = t.changed { ck_add_rows($0, o.residual, residualRows, $0, this.rows, width) }
    #expect(worstDifference(added, moved.doubles) == 0)
    let both = result(t.count) { ck_add_rows(t, o.residual, nil, $0, this.rows, width) }
    #expect(both == zip(t, o.residual).map { $0 + $1 })
  }

  @Test(arguments: NormCase.all) func gradients(_ this: NormCase) {
    let o = Operands(this)
    let (tape, g) = (Tape(o), o.x.map { $0 * 0.7 - 0.1 })
    let (tapeRows, _) = rows(this)
    let points = tapeRows.flatMap { row(o.x, Int($0), this.width) }.doubles
    func kernel(
      _ g: UnsafePointer<Float>, _ residual: UnsafePointer<Float>?, _ added: UnsafePointer<Float>?,
      _ y: UnsafeMutablePointer<Float>
    ) {
      o.withKernel {
        ck_norm_gradient($0, g, residual, added, tapeRows, tape.normalized, tape.scale, y, $1, $2)
      }
    }
    for (skipped, adding) in combinations {
      let (residual, added) = (skipped ? o.residual : nil, adding ? o.added : nil)
      let from = g.indices.map { Double(g[$0]) + Double(residual?[$0] ?? 0) }
      let places = Array(stride(from: 0, to: g.count, by: max(1, g.count / 60)))
      let expected = zip(gradient(of: o.norm, at: points, from: from, places: places), places).map {
        $0 + Double(added?[$1] ?? 0)
      }
      let y = result(g.count) { kernel(g, residual, added, $0) }
      #expect(worstDifference(places.map { y[$0] }, expected) < 3e-5)
      #expect(g.changed { kernel($0, residual, added, $0) } == y)
      if let residual { #expect(residual.changed { kernel(g, $0, added, $0) } == y) }
      if let added { #expect(added.changed { kernel(g, residual, $0, $0) } == y) }
    }
  }
}
