import RealModule

/// Rotary position embedding: pairs of components of a head are turned by an angle that grows with the position.
///
///     angle(p, i) = p f_i,  f_i = base^(-2i / r), i < r/2, for the first r components of a head
///
/// Su et al., "RoFormer", 2021; pairs are (i, i + r/2), as transformers has them.
public struct Rotary: Sendable, Hashable {
  /// How frequencies are changed for texts longer than those of the training.
  public enum Scaling: Sendable, Hashable {
    case none
    /// All frequencies divided by a factor.
    case linear(factor: Double)
    /// Llama 3: low frequencies divided by the factor, high ones kept, those between interpolated.
    case llama3(factor: Double, lowFrequency: Double, highFrequency: Double, originalPositions: Double)
  }

  public var base: Double
  /// r, even.
  public var width: Int
  public var scaling: Scaling

  public init(base: Double = 10000, width: Int, scaling: Scaling = .none) {
    (self.base, self.width, self.scaling) = (base, width, scaling)
  }

  /// (r/2)
  var frequencies: [Double] {
    (0..<width / 2).map { scaled(1 / Double.pow(base, Double(2 * $0) / Double(width))) }
  }

  private func scaled(_ frequency: Double) -> Double {
    switch scaling {
    case .none: return frequency
    case .linear(let factor): return frequency / factor
    case .llama3(let factor, let low, let high, let positions):
      let length = 2 * Double.pi / frequency
      if length < positions / high { return frequency }
      if length > positions / low { return frequency / factor }
      let share = (positions / length - low) / (high - low)
      return (1 - share) * frequency / factor + share * frequency
    }
  }
}

/// Cosines and sines of the angles at positions 0 ..< length: (length, r/2) each.
package struct RotaryTable: Sendable {
  package let width: Int
  package let cosines: [Float]
  package let sines: [Float]

  package init(_ rotary: Rotary, length: Int) {
    width = rotary.width
    let frequencies = rotary.frequencies
    let angles = (0..<length).flatMap { position in frequencies.map { Double(position) * $0 } }
    cosines = angles.map { Float(Double.cos($0)) }
    sines = angles.map { Float(Double.sin($0)) }
  }
}
