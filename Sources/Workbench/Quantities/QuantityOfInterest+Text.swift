import Language
import Rendering
import Tokenization
import Transformers

extension QuantityOfInterest {
  /// As ``QuantityParser`` reads it, every entry as the vocabulary spells it: tells which entries words were taken for.
  func text(_ model: LoadedModel) -> String {
    var text = ""
    var index = 0
    while index < terms.count {
      let range = sets.first { $0.lowerBound == index } ?? index..<index + 1
      let isSet = sets.contains(range)
      let term = terms[index]
      let names = terms[range].map { $0.output.name(model) }
      let factor = abs(term.coefficient) == 1 ? "" : "\(formatNumber(abs(term.coefficient))) * "
      let sign = term.coefficient < 0 ? (index == 0 ? "-" : " - ") : (index == 0 ? "" : " + ")
      text += "\(sign)\(factor)\(term.readout.rawValue)[\(isSet ? Self.setText(names) : names[0])]"
      index = range.upperBound
    }
    return text
  }

  /// All of a few, else the first ones and the last; how many there are.
  private static func setText(_ names: [String]) -> String {
    guard names.count > 6 else { return "{\(names.joined(separator: ", "))}" }
    return
      "{\(names.prefix(2).joined(separator: ", ")), ..., \(names[names.count - 1])}: \(names.count) entries"
  }
}

extension QuantityOfInterest.Output {
  fileprivate func name(_ model: LoadedModel) -> String {
    switch self {
    case .token(let id): model.tokenizer.vocabulary.name(of: id)
    case .label(let label): "label[\(model.configuration.labels[label])]"
    }
  }
}
