import Faults
import RealModule
import Tensors
import Transformers

/// Normal noise on word embeddings.
public enum TraceNoise {
  /// The standard deviation of the numbers of a model's table of word embeddings, all entries and components together.
  public static func deviation(of model: Transformer, check: @escaping InterruptionCheck) -> Plan<Double> {
    let words = model.embeddings.words
    return Plan(
      work: { Work(operations: Double(words.count)) }, form: { 1 },
      run: {
        try check()
        return try words.statistics().standardDeviation ?? .nan
      })
  }

  /// (draws, words, e) of mean 0. A draw depends on the seed, its number and the shape of a draw alone.
  public static func draws(_ draws: Int, words: Int, width: Int, deviation: Double, seed: UInt64) throws
    -> Tensor
  {
    var generator = NormalGenerator(seed: seed)
    let values = try (0..<draws * words * width).interruptibleMap { _ in Float(deviation * generator.next()) }
    return Tensor(shape: [draws, words, width], values)
  }
}

/// Numbers of mean 0 and variance 1. Box, Muller, "A Note on the Generation of Random Normal Deviates", 1958.
struct NormalGenerator {
  private var generator: SplitMix64
  private var spare: Double?

  init(seed: UInt64) { generator = SplitMix64(state: seed) }

  mutating func next() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    // In (0, 1], so that the logarithm is finite.
    let u = (Double(generator.next() >> 11) + 1) * 0x1p-53
    let angle = 2 * Double.pi * (Double(generator.next() >> 11) * 0x1p-53)
    let radius = (-2 * Double.log(u)).squareRoot()
    spare = radius * Double.sin(angle)
    return radius * Double.cos(angle)
  }
}
