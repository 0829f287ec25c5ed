import Language
import Measurement
import Results
import Tensors

/// How a text is traced.
struct TraceOptions {
  enum Noise {
    /// Of so many standard deviations of the word embeddings.
    case deviations(Double, draws: Int, seed: Int)
    /// (draws, words, e)
    case given(Tensor)

    var draws: Int {
      switch self {
      case .deviations(_, let draws, _): draws
      case .given(let tensor): tensor.shape[0]
      }
    }
  }

  let words: [Int]
  let kind: CausalTrace.Kind
  let window: Int
  let noise: Noise

  static let standardWindow = 10
  private static let standardDraws = 10
  private static let standardDeviations = 3.0

  /// - Throws: faults at the argument: for words that are not there, options that mean nothing here, noise of another shape.
  init(
    _ arguments: Arguments, _ row: PreparedRow, _ model: LoadedModel, synopsis: String, _ bench: Bench
  ) throws {
    words = try Self.words(arguments, row.text, synopsis, bench)
    kind = arguments.string("of").flatMap(CausalTrace.Kind.init(rawValue:)) ?? .hidden
    if kind == .hidden { try arguments.refuse("window", because: "a hidden state is restored in one layer") }
    window = arguments.integer("window") ?? Self.standardWindow
    noise = try Self.noise(arguments, [words.count, model.configuration.embeddingSize], bench)
  }

  private static func words(
    _ arguments: Arguments, _ text: EncodedText, _ synopsis: String, _ bench: Bench
  ) throws -> [Int] {
    guard let argument = arguments["words"] else {
      throw CallFault.missingArgument("words", synopsis: synopsis).located(arguments.span)
    }
    let words = try bench.positions(argument, most: text.count)
    return try bench.session.locating(argument.span) {
      guard !words.isEmpty else { throw TraceFault.noWords }
      for word in words { _ = try text.target(position: word) }
      if let repeated = words.indices.first(where: { words[..<$0].contains(words[$0]) }) {
        throw TraceFault.repeatedWord(words[repeated])
      }
      return words
    }
  }

  /// - Parameter shape: (words, e).
  private static func noise(_ arguments: Arguments, _ shape: [Int], _ bench: Bench) throws -> Noise {
    if let argument = arguments["noise"], case .tensor(let tensor) = argument.value {
      try arguments.refuse("seed", because: "the noise is given")
      try arguments.refuse("draws", because: "the noise is given, with its draws")
      guard tensor.shape.suffix(2) == shape, tensor.rank == 2 || tensor.rank == 3, tensor.count > 0 else {
        throw TraceFault.noiseShape(tensor.shape, expected: shape).located(argument.span)
      }
      return .given(tensor.rank == 2 ? tensor.reshaped([1] + shape) : tensor)
    }
    if let argument = arguments["noise"], arguments.number("noise") == nil {
      throw ValueFault.wrongType(
        expected: "a number or a tensor", found: argument.value.typeName, what: "`noise`"
      ).located(argument.span)
    }
    let deviations = arguments.number("noise") ?? standardDeviations
    guard deviations > 0, deviations.isFinite else {
      throw TraceFault.deviations(deviations).located(arguments.span(of: "noise"))
    }
    return .deviations(
      deviations, draws: arguments.integer("draws") ?? standardDraws,
      seed: arguments.integer("seed") ?? bench.session.settings.seed)
  }
}
