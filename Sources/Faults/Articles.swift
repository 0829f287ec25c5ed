/// The noun behind its indefinite article: "a sweep", "an experiment".
package func withArticle(_ noun: String) -> String {
  "aeiou".contains(noun.prefix(1)) && !noun.isEmpty ? "an \(noun)" : "a \(noun)"
}
