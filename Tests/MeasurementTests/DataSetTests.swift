import FixtureFiles
import Foundation
import Testing

@testable import Measurement

private func task(_ file: URL) throws -> MeasurementTask {
  try MeasurementTask(
    name: file.deletingPathExtension().lastPathComponent, bytes: Array(Data(contentsOf: file)),
    path: file.path, strict: true)
}

private func files(_ folder: URL, _ ending: String) throws -> [URL] {
  try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    .filter { $0.pathExtension == ending }.sorted { $0.path < $1.path }
}

extension MeasurementTask {
  fileprivate var countsByCase: [String: Int] {
    Dictionary(grouping: self.rows, by: \.caseName).mapValues(\.count)
  }

  /// Rows whose two sentences are the same.
  fileprivate var same: Int {
    rows.count { if case .pair(let good, let bad, _) = $0.content { good == bad } else { false } }
  }

  fileprivate var pairIDs: [String] {
    rows.map { row in if case .pair(_, _, let id) = row.content { id } else { "" } }
  }
}

/// Rows of public data sets as their authors write them; Tests/Fixtures/data/SOURCES.md names them.
@Suite struct DataSetSampleTests {
  private static let folder = FixtureFiles.folder.appending(path: "data")

  @Test func agreement() throws {
    let files = try files(Self.folder.appending(path: "agreement"), "tsv")
    #expect(files.count == 7)
    for file in files {
      let task = try task(file)
      #expect(task.kind == .masked)
      #expect(task.rows.map(\.line) == Array(1...8))
      #expect(task.countsByCase.count == 4 && Set(task.countsByCase.values) == [2], "\(file.path)")
    }
  }

  /// The built-in rows of each label begin with those of the sample.
  @Test func sentiment() throws {
    let sample = try task(Self.folder.appending(path: "sst2/dev.tsv"))
    let builtIn = try #require(try BuiltInTasks.task(named: "sst2"))
    #expect(sample.kind == .labels && sample.rows.count == 12)
    for (label, count) in ["0": 6, "1": 6] {
      let rows = try sample.rows(ofCase: label).rows.map(\.content)
      #expect(rows.count == count)
      #expect(try builtIn.rows(ofCase: label).first(count).rows.map(\.content) == rows)
    }
  }

  /// Two files have all fields of the source and six have four; two have a pair of equal sentences.
  @Test func minimalPairs() throws {
    let tasks = try files(Self.folder.appending(path: "blimp"), "jsonl").map(task)
    #expect(tasks.count == 8)
    for task in tasks {
      #expect(task.kind == .pairs && task.cases == [task.name])
      #expect(task.pairIDs.prefix(5) == ["0", "1", "2", "3", "4"])
      #expect(task.rows.count == 5 + task.same)
    }
    #expect(tasks.filter { $0.same == 1 }.map(\.name) == ["passive_1", "principle_A_case_2"])
  }
}

/// The whole data sets are read to the last row.
@Suite(.enabled(if: WholeData.isThere, "\(WholeData.missing)")) struct DataSetTests {
  @Test(arguments: [
    ("obj_rel_across_anim", 1000), ("subj_rel", 1000), ("sent_comp", 960), ("prep_anim", 1000),
    ("reflexives_across", 1000), ("refl_across_gender", 1000), ("refl_across_gender_who", 1000),
  ])
  func agreement(name: String, rows: Int) throws {
    let task = try task(WholeData.file("agreement/\(name).tsv"))
    #expect(task.kind == .masked)
    #expect(task.rows.map(\.line) == Array(1...rows))
    #expect(task.countsByCase.count == 4)
    #expect(Set(task.countsByCase.values) == [rows / 4])
  }

  /// The built-in rows are the first 100 of each label.
  @Test func sentiment() throws {
    let all = try task(WholeData.file("sst2/dev.tsv"))
    let builtIn = try #require(try BuiltInTasks.task(named: "sst2"))
    #expect(all.kind == .labels)
    for (label, count) in ["0": 428, "1": 444] {
      let rows = try all.rows(ofCase: label)
      #expect(rows.rows.count == count)
      let expected = rows.first(100).rows.map(\.content)
      #expect(try builtIn.rows(ofCase: label).rows.map(\.content) == expected)
    }
  }

  @Test func minimalPairs() throws {
    let files = try files(WholeData.file("blimp"), "jsonl")
    #expect(files.count == 67)
    var same: [String: Int] = [:]
    for file in files {
      let task = try task(file)
      #expect(task.kind == .pairs && task.cases == [task.name])
      #expect(task.rows.count == 1000, "\(task.name)")
      #expect(Set(task.pairIDs) == Set((0..<1000).map(String.init)), "\(task.name)")
      if task.same > 0 { same[task.name] = task.same }
    }
    #expect(same == ["passive_1": 2, "principle_A_case_2": 5])
  }
}
