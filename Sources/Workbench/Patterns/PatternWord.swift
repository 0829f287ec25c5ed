import Attribution
import Language
import Results

/// The pattern of one word of a sentence, with the fields of the JSON format.
struct PatternWord: ObjectValue {
  let word: WordPattern
  let sentence: PatternSet.Sentence

  var typeName: String { "pattern" }

  /// `pattern of "guards" at 5`
  var summary: String { "pattern of \"\(sentence.tokens[word.position])\" at \(word.position)" }

  var fields: Record { sentence.fields(of: word) }

  var display: Value { .record(fields) }
}
