import CKernels
import Foundation
import Testing

func activated(_ f: ck_activation, _ x: [Float]) -> [Float] {
  var y = [Float](repeating: 0, count: x.count)
  ck_bias_activate(f, x, [Float](repeating: 0, count: x.count), nil, &y, 1, x.count)
  return y
}

@Suite struct KernelTests {
  /// -12 ... 12 in steps that are not round numbers.
  let points = (-40_000...40_000).map { Float($0) * 3e-4 }

  @Test func geluIsAccurate() {
    let expected = points.map { Double($0) * (1 + erf(Double($0) / 2.0.squareRoot())) / 2 }
    // 6e-8 relative is the spacing of Float: above 1 the result itself is rounded.
    let small = zip(activated(CK_GELU, points), expected).filter { abs($1) < 1 }
    let worst = small.map { abs(Double($0) - $1) }.max() ?? .infinity
    print("gelu: maximum difference \(worst)")
    #expect(worst < 1e-7)
    #expect(worstDifference(activated(CK_GELU, points), expected) < 1e-6)
  }

  @Test func geluTanhIsAccurate() {
    let expected = points.map { point -> Double in
      let x = Double(point)
      return x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) / 2
    }
    let worst = worstDifference(activated(CK_GELU_TANH, points), expected)
    print("tanh gelu: maximum difference \(worst)")
    #expect(worst < 1e-6)
  }

  @Test func tanhIsAccurate() {
    #expect(worstDifference(activated(CK_TANH, points), points.map { tanh(Double($0)) }) < 2e-7)
  }

  @Test func extremesAndNaN() {
    let x: [Float] = [.nan, .infinity, 1e30, -1e30, 0, 1e-30, -1e-30]
    let gelu = activated(CK_GELU, x)
    #expect(gelu[0].isNaN)
    #expect(gelu[1...] == [.infinity, 1e30, 0, 0, 5e-31, -5e-31])
    let new = activated(CK_GELU_TANH, x)
    #expect(new[0].isNaN)
    #expect(new[1...] == [.infinity, 1e30, 0, 0, 5e-31, -5e-31])
    let relu = activated(CK_RELU, x)
    #expect(relu[0].isNaN)
    #expect(relu[1...] == [.infinity, 1e30, 0, 0, 1e-30, 0])
    let tanh = activated(CK_TANH, x)
    #expect(tanh[0].isNaN)
    #expect(tanh[1...4] == [1, 1, -1, 0])
  }

  @Test func layerNormOfAConstantRowIsTheShift() {
    var y = [Float](repeating: 9, count: 6)
    withNorm(gain: [2, 2, 2], shift: [1, 2, 3], epsilon: 1e-12, centred: true) {
      ck_norm_rows($0, [5, 5, 5, .nan, 1, 2], &y, 2, 3)
    }
    #expect(y[0..<3] == [1, 2, 3])
    #expect(y[3...].allSatisfy { $0.isNaN })
  }

  @Test func everyHalfConverts() {
    let bits = (0...UInt16.max).map { $0 }
    var found = [Float](repeating: 0, count: bits.count)
    ck_f16_to_f32(bits, &found, bits.count)
    for (bits, value) in zip(bits, found) {
      // Sign, exponent and mantissa as IEEE 754 defines them.
      let (exponent, mantissa) = (Int(bits >> 10 & 31), Double(bits & 1023))
      let magnitude: Double =
        switch exponent {
        case 0: mantissa * exp2(-24)
        case 31: mantissa == 0 ? .infinity : .nan
        default: (1024 + mantissa) * exp2(Double(exponent - 25))
        }
      if magnitude.isNaN {
        #expect(value.isNaN)
      } else if Double(value.magnitude) != magnitude || (value.sign == .minus) != (bits >> 15 == 1) {
        Issue.record("half \(String(bits, radix: 16)) became \(value)")
      }
    }
  }

  @Test func bfloat16AndDoubleConvert() {
    var found = [Float](repeating: 0, count: 5)
    ck_bf16_to_f32([0x3f80, 0xc040, 0x7f80, 0x0001, 0x7fc0], &found, 5)
    #expect(found[0..<4] == [1, -3, .infinity, Float(bitPattern: 0x10000)])
    #expect(found[4].isNaN)
    ck_f64_to_f32([0.1, 1e300, -1e-300, .nan, 16_777_217], &found, 5)
    #expect(found[0..<3] == [0.1, .infinity, 0])
    #expect(found[3].isNaN && found[4] == 16_777_216)
  }
}
