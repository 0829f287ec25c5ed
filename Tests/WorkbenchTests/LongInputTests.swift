import Faults
import FixtureFiles
import Foundation
import Testing

@testable import Language
@testable import Workbench

/// What comes from outside may be long in one piece: a line, a blank, a number, an array. Between two looks at whether to
/// stop no more of it is gone through than takes some milliseconds.
@Suite struct LongInputTests {
  /// Bytes, or elements, that may be gone through between two looks.
  private enum Stride: Int {
    /// Of bytes and elements that are copied or compared.
    case part = 0x10000
    /// Of bytes that are moved as they are.
    case block = 0x100000
    /// Of what each takes more work.
    case step = 256
  }

  private struct Case: CustomTestStringConvertible, Sendable {
    let statement: String
    let size: Int
    let stride: Stride
    var file: (@Sendable () -> (name: String, bytes: [UInt8]))?

    var testDescription: String { statement }
  }

  private static let megabyte = 1 << 20

  private static let setup = """
    def single(x) { return [x] }
    let t = tensor(map(list(0..<1500), single)) + tensor(list(0..<1000))
    let s = "the author [MASK] "
    for i in 0..<13 { let s = s + s }
    """

  /// Of t.
  private static let elements = 1_500_000

  private static let cases: [Case] = [
    Case(statement: "stats t", size: 2 * elements, stride: .part),
    Case(statement: "let x = t[:, 1..<999]", size: 1500 * 998, stride: .part),
    Case(statement: "let x = t[1..<1499, :]", size: 1498 * 1000, stride: .part),
    Case(statement: "compare t[0..<50] t[0..<50]", size: 50_000, stride: .step),
    Case(statement: "let x = all(t == t)", size: 2 * elements, stride: .step),
    Case(statement: "save t \"FILE.npy\"", size: 4 * elements, stride: .block),
    Case(statement: "save t \"FILE.npz\"", size: 4 * elements, stride: .block),
    Case(statement: "save t \"FILE.safetensors\"", size: 4 * elements, stride: .block),
    Case(statement: "heatmap t[0..<20]", size: 20 * 1000, stride: .step),
    Case(statement: "save heatmap(t[0..<20]) \"FILE.svg\"", size: 20 * 1000, stride: .step),
    Case(statement: "[s, s]", size: 2 * 18 * 8192, stride: .step),
    Case(statement: "tokenize s", size: 3 * 18 * 8192, stride: .step),
    Case(statement: "text s", size: 3 * 18 * 8192, stride: .step),
    Case(statement: "score s", size: 3 * 18 * 8192, stride: .step),
    Case(statement: "read \"blanks.json\"", size: megabyte, stride: .part) {
      ("blanks.json", [0x5B] + [UInt8](repeating: 0x20, count: megabyte) + [0x5D])
    },
    Case(statement: "read \"string.json\"", size: megabyte, stride: .part) {
      ("string.json", [0x22] + [UInt8](repeating: 0x61, count: megabyte) + [0x22])
    },
    Case(statement: "read \"digits.json\"", size: megabyte, stride: .part) {
      ("digits.json", Array("0.".utf8) + [UInt8](repeating: 0x31, count: megabyte))
    },
    Case(statement: "read \"a.npy\"", size: 4 * megabyte, stride: .part) {
      ("a.npy", npy("'<f4'", "(1024, 1024)", [UInt8](repeating: 0, count: 4 * megabyte)))
    },
    Case(statement: "read \"big-endian.npy\"", size: megabyte, stride: .step) {
      ("big-endian.npy", npy("'>f4'", "(1024, 1024)", [UInt8](repeating: 0, count: 4 * megabyte)))
    },
    Case(statement: "read \"fortran.npy\"", size: megabyte, stride: .step) {
      ("fortran.npy", npy("'<f4'", "(1024, 1024)", [UInt8](repeating: 0, count: 4 * megabyte), fortran: true))
    },
    Case(statement: "read \"text.npy\"", size: 100_000, stride: .step) {
      let text = Array([[UInt8]](repeating: [0x61, 0, 0, 0], count: 100_000).joined())
      return ("text.npy", npy("'<U100000'", "(1,)", text))
    },
    Case(statement: "task \"line.tsv\"", size: megabyte / 2, stride: .step) {
      ("line.tsv", Array("a\tb\t".utf8) + [UInt8](repeating: 0x61, count: megabyte / 2))
    },
    Case(statement: "task \"quoted.csv\"", size: megabyte / 2, stride: .step) {
      ("quoted.csv", Array("sentence,label\n\"".utf8) + [UInt8](repeating: 0x61, count: megabyte / 2))
    },
    Case(statement: "task \"element.json\"", size: megabyte / 2, stride: .step) {
      ("element.json", Array("[{\"a\":\"".utf8) + [UInt8](repeating: 0x61, count: megabyte / 2))
    },
    Case(statement: "source \"long.ipscript\"", size: 4 * megabyte, stride: .block) {
      ("long.ipscript", Array("# ".utf8) + [UInt8](repeating: 0x61, count: 4 * megabyte))
    },
  ]

  private static func npy(_ type: String, _ shape: String, _ data: [UInt8], fortran: Bool = false) -> [UInt8]
  {
    let header = "{'descr': \(type), 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + data
  }

  @Test(arguments: cases.indices) func looksOften(index: Int) throws {
    let (looks, stated) = (Looks(), Self.cases[index])
    let shell = try TestShell(checkInterruption: { try looks.look() })
    var statement = stated.statement.replacing("FILE", with: shell.path("file"))
    if let (name, bytes) = stated.file?() {
      try Data(bytes).write(to: URL(filePath: shell.path(name)))
      statement = statement.replacing(name, with: shell.path(name))
    } else {
      try shell.run("load \"\(FixtureFiles.model("relu").path)\"")
      try shell.run(Self.setup)
    }
    looks.begin()
    _ = shell.failure(statement)
    let count = looks.count
    #expect(count >= stated.size / stated.stride.rawValue, "\(statement)")
    // At any of them it stops, and says so: not with a fault of its own.
    for last in [1, count / 4, count / 2] {
      looks.begin(last: last)
      #expect(throws: Interrupted.self, "\(statement)") { _ = try shell.run(statement) }
    }
  }

  /// A vocabulary is read and made a tree in steps as well.
  @Test func aLongPieceIsReadInSteps() throws {
    let (looks, length) = (Looks(), 200_000)
    let shell = try TestShell(checkInterruption: { try looks.look() })
    let folder = URL(filePath: shell.path("model"))
    try FileManager.default.copyItem(at: FixtureFiles.model("relu"), to: folder)
    let vocabulary = folder.appending(path: "vocab.txt")
    var lines = try String(contentsOf: vocabulary, encoding: .utf8).split(separator: "\n").map(String.init)
    lines[lines.count - 1] = String(repeating: "c", count: length)
    try Data(lines.joined(separator: "\n").utf8).write(to: vocabulary)
    looks.begin()
    try shell.run("load \"\(folder.path)\"")
    #expect(looks.count >= 2 * length / 256)
    looks.begin(last: looks.count / 2)
    #expect(throws: Interrupted.self) { try shell.run("load \"\(folder.path)\"") }
  }
}
