import Attribution

/// A word's path in one line.
///
///     2 skip*3 2 H7 7             positions with the head or the skip connection between them
///     2 skip*3 2 H7+mlp 7         at the third level, +mlp where it goes on through the feed-forward branch; elsewhere through
///                                 the skip connection beside it, or, by a head of a parallel block, past both
///
/// A run of the same skip connections, which stays at its position, is written once, so that a path fits beside the others.
struct PathText {
  private let word: WordPattern

  init(_ word: WordPattern) { self.word = word }

  /// nil where the word was not refined so far.
  func text(at level: PatternLevel) -> String? {
    guard level <= word.finestLevel, let choices = word.attention?.choices else { return nil }
    let branches = level == .feedForward ? word.feedForward?.steps : nil
    let nodes = word.embedding.nodes.map { $0[0] }
    var words = ["\(nodes[0])"]
    var run = (step: "", length: 0)
    for (layer, choice) in choices.enumerated() {
      let branch = branches?[layer] == .feedForward ? "+mlp" : ""
      let step = (choice < 0 ? "skip" : "H\(choice)") + branch
      let continues = choice < 0 && step.utf8.elementsEqual(run.step.utf8) && nodes[layer] == nodes[layer + 1]
      run = (step, continues ? run.length + 1 : 1)
      if continues {
        words[words.count - 2] = "\(step)*\(run.length)"
      } else {
        words += [step, "\(nodes[layer + 1])"]
      }
    }
    return words.joined(separator: " ")
  }
}
