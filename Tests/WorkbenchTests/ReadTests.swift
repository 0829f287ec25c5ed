import Faults
import Foundation
import Rendering
import Results
import Tensors
import Testing

@testable import Language
@testable import Workbench

/// What `save` writes, `read` reads back; what is malformed is an error, whatever is wrong with it.
@Suite struct ReadTests {
  private static let record = """
    let t = tensor([[1, 2, 3], [4, 5, 0.1]])
    let r = {t: t, x: 0.1, n: 16777217, flags: [true, false], words: ["a", "é🙂", ""], deep: {m: [[0.1, 2], [3, 4]]}}
    """

  /// The fields, under the names that files of arrays give them.
  private static let fields = [
    ("t", "r.t"), ("x", "r.x"), ("n", "r.n"), ("flags", "r.flags"), ("words", "r.words"),
    ("deep.m", "r.deep.m"),
  ]

  @Test(arguments: [".npz", ".safetensors", ".SAFETENSORS"]) func recordsComeBack(type: String) throws {
    let shell = try TestShell()
    let file = shell.path("r" + type)
    try shell.run("\(Self.record)\nsave r \"\(file)\"\nlet b = read(\"\(file)\")")
    for (name, original) in Self.fields {
      let same = try shell.run(
        "print type(b[\"\(name)\"]) == type(\(original)) string(b[\"\(name)\"]) == string(\(original))")
      #expect(same == "true true\n", "\(name)")
    }
    #expect(try shell.run("print b.x b.n len(keys(b))") == "0.1 16777217 6\n")
  }

  @Test func singleArraysComeBack() throws {
    let shell = try TestShell()
    try shell.run(Self.record)
    for (_, original) in Self.fields {
      let file = shell.path("a.npy")
      let same = try shell.run(
        "save \(original) \"\(file)\"\nlet b = read(\"\(file)\")\nprint type(b) == type(\(original)) string(b) == string(\(original))"
      )
      #expect(same == "true true\n", "\(original)")
    }
  }

  @Test func whatIsNoArrayComesBackFromMetadata() throws {
    let shell = try TestShell()
    let file = shell.path("m.safetensors")
    try shell.run(
      "save {x: 1, none: null, list: [1, \"a\"], text: \"1\"} \"\(file)\"\nlet b = read(\"\(file)\")")
    #expect(try shell.run("print b.none b.list b.text type(b.text)") == "null [1, a] 1 string\n")
  }

  @Test func otherFilesAreRefused() throws {
    let shell = try TestShell()
    let failure = shell.failure("read \"table.svg\"")
    #expect(
      failure.contains(
        "error: cannot read table.svg: `read` takes .csv .tsv .jsonl .json .npy .npz .safetensors"),
      "\(failure)")
    #expect(failure.contains("\n  read \"table.svg\"\n       ^~~~~~~~~~~\n"), "\(failure)")
  }

  /// Every byte changed in several ways, and every length cut: a value or one of our faults, never a trap.
  @Test(arguments: [".npy", ".npz", ".safetensors"]) func malformedFilesAreErrors(type: String) throws {
    let shell = try TestShell()
    let file = shell.path("a" + type)
    try shell.run(
      "save \(type == ".npy" ? "[[1, 2], [3, 4]]" : "{x: [1, 2], w: \"ab\", t: tensor([1])}") \"\(file)\"")
    let original = [UInt8](try Data(contentsOf: URL(filePath: file)))
    var (refused, read) = (0, 0)
    func attempt(_ bytes: [UInt8]) throws {
      try Data(bytes).write(to: URL(filePath: file))
      do {
        switch type {
        case ".npy": _ = try ArrayFiles.npy(at: file)
        case ".npz": _ = try ArrayFiles.npz(at: file)
        default: _ = try ArrayFiles.safetensors(at: file)
        }
        read += 1
      } catch let fault as any Fault {
        refused += 1
        #expect(fault.message.contains(file), "\(fault.message)")
      }
    }
    for length in 0..<original.count { try attempt(Array(original[..<length])) }
    #expect(read == 0)
    for position in original.indices {
      for byte in [original[position] ^ 1, original[position] ^ 0x80, 0, 0xFF, UInt8(ascii: "9")] {
        var bytes = original
        bytes[position] = byte
        try attempt(bytes)
      }
    }
    #expect(refused > 2 * original.count)
  }

  /// `descr`, what stands for the shape, and what is said of it.
  @Test(
    arguments: [
      ("<f8", "(9223372036854775807, 9223372036854775807)", "expected a shape of less than 1 TB"),
      ("<f8", "(1048577, 0)", "expected an empty array of few lists"),
      ("<f8", "(2,)", "expected 16 bytes of data for shape [2], found 8"),
      ("<f8", "(" + String(repeating: "1, ", count: 65) + ")", "expected at most 64 dimensions, found 65"),
      ("<f8", "(99999999999999999999,)", "something else at byte"),
      ("<f8", "(1)", "something else at byte"), ("<f8", "(-1,)", "something else at byte"),
      ("<c8", "(1,)", "the element type \"<c8\" (complex numbers) is not read"),
      ("<U2", "(1,)", "expected Unicode scalars, found U+FFFFFFFF"),
      ("<i8", "(1,)", ""), ("<u8", "(1,)", "expected whole numbers that a Float64 holds exactly"),
      ("|b1", "(8,)", "expected bools of 0 or 1, found 255"),
    ]) func headersOfArrays(type: String, shape: String, message: String) throws
  {
    let shell = try TestShell()
    let file = shell.path("a.npy")
    let header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n".utf8)
    let start: [UInt8] =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count & 0xFF), UInt8(header.count >> 8)]
    let data = Data(start + header + Array(repeating: 0xFF, count: 8))
    try data.write(to: URL(filePath: file))
    let failure = shell.failure("print read(\"\(file)\")")
    #expect(message.isEmpty ? failure == "no error" : failure.contains(message), "\(failure)")
    if message.isEmpty { #expect(try shell.run("print read(\"\(file)\")") == "[-1]\n") }
  }

  /// What others wrote: compressed, in Fortran order, big-endian, Float16.
  @Test func arraysOfNumPyAreRead() throws {
    let shell = try TestShell()
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/arrays/compressed.npz").standardized.path(percentEncoded: false)
    try shell.run("let a = read(\"\(file)\")")
    #expect(try shell.run("print len(keys(a)) a.scalar a.empty.shape") == "57 2.5 [2, 0, 3]\n")
    #expect(
      try shell.run("print type(a[\"little-f2\"]) type(a[\"big-f4\"]) type(a[\"big-f8\"])")
        == "tensor tensor list\n")
    let transposed = "a[\"big-i2-transposed\"]"
    #expect(
      try shell.run("print len(\(transposed)) \(transposed)[3][2][1] a[\"big-i2\"][1][2][3]") == "4 -23 -23\n"
    )
    #expect(try shell.run("print a[\"version-3\"][2, 1]") == "5\n")
  }

  private static let arrays = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Fixtures/arrays").standardized.path(percentEncoded: false)

  /// What NumPy wrote of every kind of float32, subnormals and NaNs with bits of their own among them, is saved to the same
  /// bytes; through archives and safetensors as well.
  @Test func bitsComeBack() throws {
    let shell = try TestShell()
    let source = "\(Self.arrays)/bits.npy"
    let (first, second) = (shell.path("a.npy"), shell.path("b.npy"))
    try shell.run("save read(\"\(source)\") \"\(first)\"")
    let original = try Data(contentsOf: URL(filePath: source))
    #expect(try Data(contentsOf: URL(filePath: first)) == original)
    for name in ["c.npz", "c.safetensors"] {
      let file = shell.path(name)
      try shell.run(
        "save {t: read(\"\(source)\")} \"\(file)\"\nlet r = read(\"\(file)\")\nsave r.t \"\(second)\"")
      #expect(try Data(contentsOf: URL(filePath: second)) == original, "\(name)")
    }
  }

  /// What the library safetensors wrote, bfloat16 and whole numbers among it.
  @Test func tensorsOfOthersAreRead() throws {
    struct Expected: Decodable {
      let shape: [Int]
      let values: [Element]
    }
    enum Element: Decodable {
      case number(Double), flag(Bool)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
          self = .flag(flag)
        } else if let text = try? container.decode(String.self) {
          self = .number(try #require(Double(text)))
        } else {
          self = .number(try container.decode(Double.self))
        }
      }

      var text: String {
        switch self {
        case .flag(let flag): "\(flag)"
        case .number(let number): "\(number)"
        }
      }
    }
    let shell = try TestShell()
    let data = try Data(contentsOf: URL(filePath: "\(Self.arrays)/tensors.json"))
    let expected = try JSONDecoder().decode([String: Expected].self, from: data)
    let value = try ArrayFiles.safetensors(at: "\(Self.arrays)/arrays.safetensors")
    guard case .record(let record) = value else {
      Issue.record("no record")
      return
    }
    #expect(record.count == expected.count + 2 && expected.count == 13)
    for (name, right) in expected {
      let found = try elements(#require(record[name]))
      #expect(found.map(\.text) == right.values.map(\.text), "\(name)")
      if case .tensor(let tensor)? = record[name] { #expect(tensor.shape == right.shape, "\(name)") }
    }
    try shell.run("let a = read(\"\(Self.arrays)/arrays.safetensors\")")
    #expect(
      try shell.run("print type(a.bfloat16) type(a.float16) type(a.float64) a.format a.note")
        == "tensor tensor list pt \"a\" é\n")

    func elements(_ value: Value) throws -> [Element] {
      switch value {
      case .tensor(let tensor): tensor.values.map { .number(Double($0)) }
      case .list(let parts): try parts.flatMap(elements)
      case .number(let number): [.number(number)]
      case .bool(let flag): [.flag(flag)]
      default: []
      }
    }
  }

  private static let notFinite = """
    let nan = sqrt(0 - 1)
    let inf = 10 ^ 400
    """

  /// What is not finite, in every place a value can have it.
  @Test(
    arguments: [
      ("nan", "nan"), ("inf", "inf"), ("-inf", "-inf"), ("[1.5, nan, inf, -inf]", "[1.5, nan, inf, -inf]"),
    ])
  func notFiniteNumbersComeBack(value: String, printed: String) throws {
    let shell = try TestShell()
    for name in ["a.json", "a.safetensors"] {
      let file = shell.path(name)
      try shell.run("\(Self.notFinite)\nsave {x: \(value)} \"\(file)\"\nlet b = read(\"\(file)\")")
      #expect(try shell.run("print string(b.x)") == printed + "\n", "\(value) in \(name)")
    }
    let file = shell.path("b.json")
    #expect(try shell.run("save \(value) \"\(file)\"\nprint string(read(\"\(file)\"))") == printed + "\n")
  }

  @Test func recordsAndTensorsWithNotFiniteNumbersComeBack() throws {
    let shell = try TestShell()
    let file = shell.path("a.json")
    try shell.run(
      """
      \(Self.notFinite)
      save {a: nan, b: [inf], c: null, d: "NaN", t: tensor([[1, nan], [inf, -inf]])} "\(file)"
      let b = read("\(file)")
      """)
    #expect(try shell.run("print b.a b.b b.c b.d") == "nan [inf] null NaN\n")
    #expect(try shell.run("print type(b.d) b.t[0][1] b.t[1][0] b.t[1][1]") == "string nan inf -inf\n")
  }

  @Test func tablesWithNotFiniteNumbersComeBack() throws {
    let shell = try TestShell()
    let file = shell.path("a.json")
    try shell.run("\(Self.notFinite)\nsave top([1, inf, -inf], 3) \"\(file)\"\nlet b = read(\"\(file)\")")
    #expect(try shell.run("print b.rows[0].value b.rows[2].value") == "inf -inf\n")
  }

  /// Python's json module, pandas and jq read these words; what a machine reads from standard output is strict.
  @Test func savedFilesNameWhatIsNotFinite() throws {
    let shell = try TestShell()
    let (json, lines) = (shell.path("a.json"), shell.path("a.jsonl"))
    try shell.run("\(Self.notFinite)\nsave [nan, inf, -inf] \"\(json)\"\nsave [[nan], inf] \"\(lines)\"")
    func contents(_ path: String) throws -> String {
      try String(contentsOf: URL(filePath: path), encoding: .utf8)
    }
    #expect(try contents(json) == "[NaN, Infinity, -Infinity]\n")
    #expect(try contents(lines) == "[NaN]\nInfinity\n")
    #expect(try shell.run("set format json\n[nan, inf]").contains("[null, null]"))
  }

  /// Doubles come back with all their digits, and what is not finite is what it was.
  @Test func doublesComeBackExactly() throws {
    let shell = try TestShell()
    let file = shell.path("a.json")
    for number in ["2 ^ -20", "2 ^ 60", "1 / 3", "0.1", "2 ^ -1074", "1.5", "-(2 ^ 53) - 2", "10 ^ 300"] {
      try shell.run("let x = \(number)\nsave x \"\(file)\"")
      #expect(try shell.run("print read(\"\(file)\") == x") == "true\n", "\(number)")
    }
  }
}
