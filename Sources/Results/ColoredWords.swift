/// A text whose words are coloured by a number each, as by their influence.
public struct ColoredWords: Sendable {
  public struct Word: Sendable {
    public let text: String
    public let value: Double

    public init(text: String, value: Double) { (self.text, self.value) = (text, value) }
  }

  public let title: String
  /// May be empty.
  public let subtitle: String
  /// What the numbers are.
  public let axis: String
  public let words: [Word]

  public init(title: String, subtitle: String = "", axis: String, words: [Word]) {
    self.title = title
    self.subtitle = subtitle
    self.axis = axis
    self.words = words
  }

  var data: Value {
    [
      "title": .string(title), "subtitle": .string(subtitle), "axis": .string(axis),
      "words": .list(words.map { ["text": .string($0.text), "value": .number($0.value)] }),
    ]
  }
}
