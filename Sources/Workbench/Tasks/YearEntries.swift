import Language
import Transformers

/// The vocabulary's entries of the two digits that end a year, 00 to 99, which follow a text without a blank.
struct YearEntries {
  /// By the number.
  private let ids: [Int]

  /// - Throws: ``QuantityFault`` for two digits that are no entry of the model.
  init(_ model: LoadedModel) throws {
    ids = try (0..<100).map {
      try QuantityParser.tokenID(Self.digits($0), continuing: false, model: model)
    }
  }

  /// The probability of larger numbers less that of the others (Hanna et al. 2305.00586).
  func above(_ year: Int) -> QuantityOfInterest {
    let numbers = Array(year + 1..<100) + Array(0...year)
    let later = 99 - year
    return QuantityOfInterest(
      terms: numbers.map {
        .init(coefficient: $0 > year ? 1 : -1, readout: .probability, output: .token(ids[$0]))
      }, sets: [0..<later, later..<100])
  }

  /// As one types it after `qoi`.
  static func name(above year: Int) -> String {
    "prob[{\"\(digits(year + 1))\"..\"99\"}] - prob[{\"00\"..\"\(digits(year))\"}]"
  }

  static func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
