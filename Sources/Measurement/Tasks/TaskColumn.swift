import ExactText

/// What a column of a task's file holds, by the names that data sets give it, in capitals or not.
///
/// `sentence_good`, `sentence_bad`, `UID`, `pairID`: BLiMP (Warstadt et al. 2020). `sen`, `wrong_sen`, `phenomenon`:
/// MultiBLiMP (Jumelet et al. 2025). `sent_more`, `sent_less`, `bias_type`: CrowS-Pairs (Nangia et al. 2020), whose
/// `sent_more` is the more stereotypical sentence for either value of `stereo_antistereo`; its metric counts the pairs in
/// which that one scores higher, so it stands in the place of the good one.
enum TaskColumn: CaseIterable {
  case sentence, correct, wrong, label, good, bad, caseName, id

  /// The first is the one that messages name.
  var names: [String] {
    switch self {
    case .sentence: ["sentence", "text"]
    case .correct: ["correct"]
    case .wrong: ["wrong"]
    case .label: ["label"]
    case .good: ["sentence_good", "good", "sen", "sent_more"]
    case .bad: ["sentence_bad", "bad", "wrong_sen", "sent_less"]
    case .caseName: ["uid", "case", "phenomenon", "bias_type"]
    case .id: ["pairid", "pair_id"]
    }
  }

  var isOptional: Bool { self == .caseName || self == .id }

  /// In JSON.
  var mayBeNumber: Bool { self == .label || self == .id }

  /// The first of `columns` with one of the names, names in their order.
  func index(in columns: [String]) -> Int? {
    let columns = columns.map { $0.lowercased().filter { $0 != " " } }
    return names.lazy.compactMap { columns.firstIndex(of: $0) }.first
  }

  /// What rows with these columns are; nil when the names tell nothing.
  static func kind(ofColumns columns: [String]) -> MeasurementTask.Kind? {
    let known = Set(allCases.filter { $0.index(in: columns) != nil })
    return layouts.first { known.isSuperset(of: $0.columns) }?.kind
  }

  private static let layouts: [(kind: MeasurementTask.Kind, columns: Set<TaskColumn>)] = [
    (.masked, [.sentence, .correct, .wrong]), (.pairs, [.good, .bad]), (.labels, [.sentence, .label]),
    (.text, [.sentence]),
  ]
}
