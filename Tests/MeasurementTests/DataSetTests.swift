import Foundation
import Testing

@testable import Measurement

/// The public data sets are read to the last row.
@Suite struct DataSetTests {
  private static let data: URL = {
    let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["IPSH_SHARED"].map { URL(filePath: $0) }
      ?? checkout.deletingLastPathComponent().appending(path: "shared")
    return shared.appending(path: "data")
  }()

  private func task(_ path: String) throws -> MeasurementTask {
    let file = Self.data.appending(path: path)
    return try MeasurementTask(
      name: file.deletingPathExtension().lastPathComponent, bytes: Array(Data(contentsOf: file)),
      path: file.path, strict: true)
  }

  @Test(arguments: [
    ("obj_rel_across_anim", 1000), ("subj_rel", 1000), ("sent_comp", 960), ("prep_anim", 1000),
    ("reflexives_across", 1000), ("refl_across_gender", 1000), ("refl_across_gender_who", 1000),
  ])
  func agreement(name: String, rows: Int) throws {
    let task = try task("agreement/\(name).tsv")
    #expect(task.kind == .masked)
    #expect(task.rows.map(\.line) == Array(1...rows))
    let counts = Dictionary(grouping: task.rows, by: \.caseName).mapValues(\.count)
    #expect(counts.count == 4)
    #expect(Set(counts.values) == [rows / 4])
  }

  @Test func sentiment() throws {
    let task = try task("sst2/dev.tsv")
    #expect(task.kind == .labels)
    #expect(task.rows.count == 872)
    #expect(try task.rows(ofCase: "1").rows.count == 444)
    #expect(try task.rows(ofCase: "0").rows.count == 428)
  }

  /// The built-in rows are the first 100 of each label.
  @Test func builtInSentiment() throws {
    let (all, small) = (try task("sst2/dev.tsv"), try #require(try BuiltInTasks.task(named: "sst2")))
    for label in ["0", "1"] {
      let expected = try all.rows(ofCase: label).first(100).rows.map(\.content)
      #expect(try small.rows(ofCase: label).rows.map(\.content) == expected)
    }
  }

  @Test func minimalPairs() throws {
    let folder = Self.data.appending(path: "blimp")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".jsonl") }
    #expect(names.count == 67)
    var same = 0
    for name in names {
      let task = try task("blimp/\(name)")
      #expect(task.kind == .pairs)
      #expect(task.rows.count == 1000, "\(name)")
      #expect(task.cases == [task.name])
      let ids = task.rows.map { row in if case .pair(_, _, let id) = row.content { id } else { "" } }
      #expect(Set(ids) == Set((0..<1000).map(String.init)), "\(name)")
      same += task.rows.count {
        if case .pair(let good, let bad, _) = $0.content { good == bad } else { false }
      }
    }
    // Two of passive_1, five of principle_A_case_2.
    #expect(same == 7)
  }
}
