import ExactText

/// What a column of a task's file holds, by the names that data sets give it, in capitals or not.
///
/// `sentence_good`, `sentence_bad`, `UID`, `pairID`: BLiMP (Warstadt et al. 2020). `sen`, `wrong_sen`, `phenomenon`:
/// MultiBLiMP (Jumelet et al. 2025). `sent_more`, `sent_less`, `bias_type`: CrowS-Pairs (Nangia et al. 2020), whose
/// `sent_more` is the more stereotypical sentence for either value of `stereo_antistereo`; its metric counts the pairs in
/// which that one scores higher, so it stands in the place of the good one. `clean_prefix`, `patch_prefix`, `clean_answer`,
/// `patch_answer`: Marks et al. 2024 (2403.19647). `clean`, `corrupted`, `correct_idx`, `incorrect_idx`, `label`: Hanna et
/// al. 2024 (2403.17806).
enum TaskColumn: CaseIterable {
  case sentence, correct, wrong, label, good, bad, caseName, id
  /// Of a pair of texts, of which the second stands beside the first.
  case clean, counterfactual
  /// Answers as numbers of entries of one vocabulary.
  case correctID, wrongID

  /// The first is the one that messages name.
  var names: [String] {
    switch self {
    case .sentence: ["sentence", "text"]
    case .correct: ["correct", "clean_answer", "correct_answer"]
    case .wrong: ["wrong", "patch_answer", "wrong_answer", "incorrect", "incorrect_answer"]
    case .clean: ["clean", "clean_prefix"]
    case .counterfactual: ["counterfactual", "corrupted", "patch_prefix", "corrupt", "corrupted_prefix"]
    case .correctID: ["correct_idx", "correct_id"]
    case .wrongID: ["incorrect_idx", "incorrect_id", "wrong_idx", "wrong_id"]
    case .label: ["label"]
    case .good: ["sentence_good", "good", "sen", "sent_more", "good_sentence", "grammatical", "acceptable"]
    case .bad:
      ["sentence_bad", "bad", "wrong_sen", "sent_less", "bad_sentence", "ungrammatical", "unacceptable"]
    case .caseName: ["uid", "case", "phenomenon", "bias_type"]
    case .id: ["pair_id"]
    }
  }

  var isOptional: Bool { self == .caseName || self == .id || self == .counterfactual }

  /// In JSON.
  var mayBeNumber: Bool { [.label, .id, .correctID, .wrongID].contains(self) }

  /// The first of `columns` with one of the names, names in their order: `Sentence good` is `sentence_good`.
  func index(in columns: [String]) -> Int? {
    let columns = columns.map(Self.letters)
    return names.lazy.compactMap { columns.firstIndex(of: Self.letters($0)) }.first
  }

  private static func letters(_ name: String) -> String { name.lowercased().filter { !" _-".contains($0) } }

  /// What rows with these columns are; nil when the names tell nothing.
  static func kind(ofColumns columns: [String]) -> MeasurementTask.Kind? {
    let known = Set(allCases.filter { $0.index(in: columns) != nil })
    return layouts.first { known.isSuperset(of: $0.columns) }?.kind
  }

  private static let layouts: [(kind: MeasurementTask.Kind, columns: Set<TaskColumn>)] = [
    (.masked, [.sentence, .correct, .wrong]), (.pairs, [.good, .bad]), (.labels, [.sentence, .label]),
    (.prefixes, [.clean, .correct, .wrong]), (.prefixes, [.clean, .correctID, .wrongID]),
    (.greaterThan, [.clean, .label]), (.text, [.sentence]),
  ]
}
