import ExactText

/// The noun behind its indefinite article: "a sweep", "an experiment".
package func withArticle(_ noun: String) -> String {
  "aeiou".contains(noun.prefix(1)) && !noun.isEmpty ? "an \(noun)" : "a \(noun)"
}

/// `1 row`, `2 rows`
package func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
