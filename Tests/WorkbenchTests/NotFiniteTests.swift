import FixtureFiles
import Foundation
import Testing

@testable import Language
@testable import Workbench

/// Models whose weights hold NaN give no answers; what is measured of them says so.
@Suite struct NotFiniteTests {
  /// A copy of the small model with NaN in the first layer norm.
  private func folder(in shell: TestShell) throws -> String {
    let folder = shell.path("nan")
    try FileManager.default.copyItem(atPath: FixtureFiles.demo.path, toPath: folder)
    let path = folder + "/model.safetensors"
    var data = try Data(contentsOf: URL(filePath: path))
    let headerSize = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try #require(
      try JSONSerialization.jsonObject(with: data[8..<8 + headerSize]) as? [String: Any])
    let name = try #require(
      header.keys.first { $0.contains("embeddings.LayerNorm") && $0.hasSuffix("weight") })
    let entry = try #require(header[name] as? [String: Any])
    let start = 8 + headerSize + (try #require(entry["data_offsets"] as? [Int]))[0]
    // All ones is a NaN in every floating-point format.
    for offset in 0..<4 { data[start + offset] = 0xff }
    try data.write(to: URL(filePath: path))
    return folder
  }

  @Test func measuringAndOptimalitySaySo() throws {
    let pipe = Pipe()
    let shell = try TestShell(errors: pipe.fileHandleForWriting.fileDescriptor)
    try shell.run("load \"\(folder(in: shell))\"")
    #expect(try shell.run("measure sva_obj rows=3").contains("qoi_mean           nan"))
    #expect(try shell.run("print accuracy(sva_obj, rows=2)") == "0\n")
    // What would be chosen by comparing NaN is refused.
    #expect(
      shell.failure("experiment optimality on=sva_obj rows=1 points=2 samples=3").contains(
        "1 of 1 quantities of row 1 of sva_obj are NaN or infinite"))
    try shell.run("text \"the cat [MASK] .\"\nqoi is - are")
    for verb in ["patterns points=2", "patterns sva_obj rows=1 points=2", "pattern \"cat -> L0@2\" points=2"]
    {
      let failure = shell.failure(verb)
      #expect(failure.contains("influences are NaN or infinite"), "\(failure)")
      #expect(failure.contains("note: `load` with `check` finds weights that are not finite"))
    }
    for verb in [
      "forward top=1", "forward labels", "influence points=2", "score \"the cat sat .\"",
      "print logits[3, 5]",
      "flow method=norm", "flow method=valuezeroing", "flow",
      "sweep layers on=sva_obj rows=1 layers=0..0",
    ] { try shell.run(verb) }
    try pipe.fileHandleForWriting.close()
    let errors = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    for rows in [3, 2] {
      #expect(
        errors.contains("warning: sva_obj: the quantity of \(rows) of \(rows) rows is not finite"),
        "\(errors)")
    }
    for warned in [
      "10000 of 10000 logits", "2 of 2 logits", "8 of 8 influences", "4 of 4 log-probabilities",
      "numbers of logits", "36 of 36 shares and influences", "means of the quantity",
    ] {
      #expect(
        errors.contains("warning: ") && errors.contains(warned + " are NaN or infinite"),
        "\(warned): \(errors)")
    }
  }
}
