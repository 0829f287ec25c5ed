import FixtureFiles
import Foundation
import Testing

@testable import Language
@testable import Workbench

/// Classifiers whose labels are not one of many, or have numbers for names. Probabilities are those of the
/// `text-classification` pipeline of transformers: a sigmoid of each logit for multi-label.
@Suite struct ClassifierTests {
  /// A shell with a copy of the small model whose configuration says something else.
  private func shell(_ changes: [String: Any], errors: Int32 = STDERR_FILENO) throws -> TestShell {
    let shell = try TestShell(errors: errors)
    let folder = shell.path("m")
    try FileManager.default.copyItem(atPath: FixtureFiles.demo.path, toPath: folder)
    let path = URL(filePath: folder + "/config.json")
    var object = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any])
    object.merge(changes) { $1 }
    try JSONSerialization.data(withJSONObject: object).write(to: path)
    try shell.run("load \"\(folder)\"\ntext \"a gripping , funny film .\"")
    return shell
  }

  @Test func independentLabelsHaveSigmoids() throws {
    let shell = try shell(["problem_type": "multi_label_classification"])
    let close = "\ndef close(a, b) { return abs(a - b) < 1e-9 }"
    try shell.run(
      "let f = forward(labels)\ndef s(x) { return 1 / (1 + exp(-x)) }" + close + """

        for l in f.labels { assert close(l.prob, s(l.logit)) }
        assert f.problem_type == "multi_label_classification"
        qoi prob[label[1]]
        assert close(forward(labels).qoi, f.labels[1].prob)
        qoi logprob[label[0]] - logprob[label[1]]
        assert close(forward(labels).qoi, log(f.labels[0].prob) - log(f.labels[1].prob))
        """)
    // The gradient is that of the same function: the influences add up to its change.
    try shell.run(
      "qoi prob[label[0]]\nlet i = influence(points=300)\nassert abs(i.completeness_gap) < 0.01 * abs(i.qoi - i.qoi_baseline)"
    )
    #expect(
      shell.failure("measure sst2 rows=2").contains(
        "the labels of model m do not exclude each other (multi-label)"))
    #expect(shell.failure("patterns sst2 rows=2").contains("(multi-label)"))
  }

  @Test func regressionsHaveNoProbabilities() throws {
    let shell = try shell(["problem_type": "regression"])
    let shown = try shell.run("forward labels")
    #expect(!shown.contains("prob ") && shown.contains("problem_type  regression"), "\(shown)")
    #expect(
      shell.failure("qoi prob[label[0]]").contains(
        "model m is a regression: its outputs are values, of which there is no prob"))
    try shell.run("qoi label[0]\nassert forward(labels).qoi == forward(labels).labels[0].logit")
    #expect(shell.failure("measure sst2 rows=2").contains("model m is a regression"))
  }

  @Test func topLabels() throws {
    let shell = try shell([:])
    #expect(
      try shell.run("print forward(labels, top=1).labels[0].label len(forward(labels, top=1).labels)")
        == "positive 1\n")
    #expect(
      try shell.run("print forward(labels).labels[0].label len(forward(labels, top=9).labels)")
        == "negative 2\n")
    #expect(
      shell.failure("forward labels position=2").contains(
        "`position` does not apply: the classifier reads the first token"))
  }

  @Test func namesThatAreNumbers() throws {
    let shell = try shell(["id2label": ["0": "1", "1": "0"]])
    #expect(
      shell.failure("qoi label[1]").contains(
        """
        label[1] can be two classes: 1 is the name of class 0 and the number of class 1
          qoi label[1]
          ^~~~~~~~~~~~
        note: in quotes it is a name: label["1"] is class 0, label["0"] class 1
        """))
    try shell.run(
      "qoi label[\"1\"]\nassert forward(labels).qoi == forward(labels).labels[0].logit\nqoi label[\"0\"]\nassert forward(labels).qoi == forward(labels).labels[1].logit"
    )
    #expect(
      shell.failure("measure sst2 rows=2").contains(
        "the labels of sst2 can be names and numbers: \"0\" is the name of class 1 and the number of class 0")
    )
    try shell.run(
      """
      task sst2 labels=number as numbers
      task sst2 labels=name as names
      let a = measure(numbers, rows=20)
      let b = measure(names, rows=20)
      assert a.accuracy + b.accuracy == 1
      assert abs(a.qoi_mean + b.qoi_mean) < 1e-9
      """)
    #expect(shell.failure("task sva_obj labels=name").contains("`labels` does not apply"))
  }
}
