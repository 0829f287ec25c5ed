import ExactText
import Faults
import Tensors

struct RGB: Equatable {
  let red: Double
  let green: Double
  let blue: Double

  /// Components 0 ... 255.
  init(_ red: Double, _ green: Double, _ blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  func mixed(with other: RGB, _ share: Double) -> RGB {
    RGB(
      red + (other.red - red) * share, green + (other.green - green) * share,
      blue + (other.blue - blue) * share)
  }

  /// Whether black text reads better on it than white; luma of ITU-R BT.601.
  var isLight: Bool { 0.299 * red + 0.587 * green + 0.114 * blue > 140 }

  var hex: String {
    "#"
      + [red, green, blue].map { component in
        let digits = String(Int(component.rounded()), radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
  }
}

/// Which colour stands for which value.
///
/// Values of both signs: orange-red below 0, white at 0, blue above, as in drawings of patterns, symmetric about 0. Of one sign: light to dark with
/// growing magnitude, from the least to the greatest, or from 0 where the least is near it. Infinities take the ends; NaN is grey.
struct ColorScale {
  /// A share of the greatest magnitude.
  private static let nearZero = 0.1

  let lower: Double
  let upper: Double
  let isDiverging: Bool

  /// - Throws: ``Interrupted``.
  init(_ values: Tensor) throws {
    let finite = try values.finiteRange()
    let (least, greatest) = (Double(finite?.lowerBound ?? 0), Double(finite?.upperBound ?? 0))
    isDiverging = least < 0 && greatest > 0
    let bound = max(-least, greatest)
    lower = isDiverging ? -bound : least > 0 && least < Self.nearZero * greatest ? 0 : least
    upper = isDiverging ? bound : greatest < 0 && greatest > Self.nearZero * least ? 0 : greatest
  }

  func color(_ value: Double) -> RGB { position(value).map(color(at:)) ?? Self.missing }

  /// Where `value` lies, 0 at `lower`, 1 at `upper`; nil for NaN.
  func position(_ value: Double) -> Double? {
    if value.isNaN { return nil }
    let span = upper - lower
    return span > 0 ? (min(max(value, lower), upper) - lower) / span : value > upper ? 1 : 0
  }

  func color(at position: Double) -> RGB {
    let anchors = isDiverging ? Self.diverging : Self.sequential
    return Self.interpolate(anchors, isReversed ? 1 - position : position)
  }

  /// Values of which none is positive are darker the lower they are.
  var isReversed: Bool { lower < 0 && upper <= 0 }

  static let missing = RGB(160, 160, 160)
  private static let diverging = [
    RGB(148, 50, 10), RGB(230, 140, 90), RGB(246, 246, 246), RGB(98, 155, 205), RGB(26, 71, 142),
  ]
  private static let sequential = [
    RGB(250, 248, 236), RGB(170, 216, 190), RGB(66, 158, 178), RGB(34, 92, 152), RGB(22, 32, 84),
  ]

  private static func interpolate(_ anchors: [RGB], _ position: Double) -> RGB {
    let scaled = position * Double(anchors.count - 1)
    let index = min(Int(scaled), anchors.count - 2)
    return anchors[index].mixed(with: anchors[index + 1], scaled - Double(index))
  }
}

extension Tensor {
  /// From the least to the greatest finite element; nil where there is none.
  fileprivate func finiteRange() throws -> ClosedRange<Float>? {
    var (least, greatest) = (Float.infinity, -Float.infinity)
    try withUnsafeBufferPointer { values in
      try values.indices.forEachPart { part in
        for value in values[part] where value.isFinite {
          least = min(least, value)
          greatest = max(greatest, value)
        }
      }
    }
    return least <= greatest ? least...greatest : nil
  }
}
