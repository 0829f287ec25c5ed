import Faults
import ScratchFolders
import Testing

@testable import Files

/// Pickles that would make Python do something, and such as no torch writes.
@Suite struct HostilePickleTests {
  private func message(_ pickle: [UInt8], _ storages: [(String, [UInt8])] = []) throws -> String? {
    let scratch = try Scratch()
    let path = try scratch.write(torchArchive(pickle, storages: storages), to: "m.bin")
    return fault(in: scratch) { _ = try TorchFile(path: path) }?.message
  }

  private func pickle(_ text: String) -> [UInt8] { [0x80, 2] + Array(text.utf8) }

  /// The words after the place of the pickle.
  private func problem(_ pickle: [UInt8], _ storages: [(String, [UInt8])] = []) throws -> String? {
    try message(pickle, storages)?.replacing("DIR/m.bin: m/data.pkl, ", with: "")
  }

  @Test(arguments: [
    ("cos\nsystem\n(X\u{4}\0\0\0echotR.", "os.system"),
    ("cposix\nsystem\n(X\u{4}\0\0\0echotR.", "posix.system"),
    ("c__builtin__\neval\n(X\u{1}\0\0\u{0}1tR.", "__builtin__.eval"),
    ("cbuiltins\nexec\n.", "builtins.exec"), ("ctorch\nload\n.", "torch.load"),
    ("ctorch.storage\nUntypedStorage\n.", "torch.storage.UntypedStorage"),
    ("ctorch._utils\n_rebuild_tensor_v3\n.", "torch._utils._rebuild_tensor_v3"),
    ("ctorch\nComplexFloatStorage\n.", "torch.ComplexFloatStorage"),
    ("ctorch\nQInt8Storage\n.", "torch.QInt8Storage"), ("c\n\n.", "."),
    ("ccollections\nOrderedDict\u{301}\n.", "collections.OrderedDict\u{301}"),
    ("ccollections.OrderedDict\n\n.", "collections.OrderedDict."),
  ])
  func callsAreRefusedByName(text: String, name: String) throws {
    let expected = "expected what tensors by name are made of, found a call for \(quoted(name))"
    #expect(try problem(pickle(text)) == "byte 2: \(expected)")
    // The same in protocol 4, where names are texts.
    guard let end = text.dropFirst().firstIndex(of: "\n"), text.hasPrefix("cos") else { return }
    let module = String(text[text.index(after: text.startIndex)..<end])
    var four = PickleText()
    four.text(module)
    four.text("system")
    four.raw([0x93, 0x2E])
    #expect(try problem(four.bytes)?.hasSuffix(expected) == true)
  }

  @Test(arguments: [
    ("(ios\nsystem\n.", 3, "INST"), ("(oos\n.", 3, "OBJ"), ("}\u{1}", 3, "byte 0x1"), ("P1\n.", 2, "PERSID"),
    ("N2.", 3, "DUP"), ("}0.", 3, "POP"), ("I1\n.", 2, "INT"), ("F1\n.", 2, "FLOAT"), ("Va\n.", 2, "UNICODE"),
    ("d.", 2, "DICT"), ("S'a'\n.", 2, "STRING"),
  ])
  func otherInstructionsAreRefusedByName(text: String, offset: Int, name: String) throws {
    #expect(
      try problem(pickle(text))
        == "byte \(offset): expected an instruction that state dictionaries need, found \(name)")
  }

  @Test(arguments: [0x81, 0x82, 0x8B, 0x8F, 0x90, 0x91, 0x92, 0x96, 0x97, 0x98, 0xFF] as [UInt8])
  func instructionsOfLaterProtocols(byte: UInt8) throws {
    let expected = PickleOpcode.name(of: byte) ?? "byte 0xFF"
    #expect(try problem(pickle("}") + [byte])?.hasSuffix("found \(expected)") == true)
  }

  @Test(
    arguments: [
      ("", "byte 2: expected more of the pickle, found its end"),
      (".", "byte 2: expected a value on the stack, found none"),
      ("R.", "byte 2: expected a value on the stack, found none"),
      ("t.", "byte 2: expected a mark on the stack, found none"),
      ("(.", "byte 3: expected a value on the stack, found none"),
      ("}(NN\u{61}.", "byte 6: expected a list, found None"),
      ("}Ns.", "byte 4: expected a value on the stack, found none"),
      ("}K\u{1}Ns.", "byte 6: expected a text as a key, found 1"),
      ("}(Nu.", "byte 5: expected a value for each key, found none"),
      ("](Nu.", "byte 5: expected a dictionary, found a list of 0"),
      ("NNb.", "byte 4: expected a dictionary of attributes, found None"),
      ("}}b.", "byte 4: expected an OrderedDict, found a dictionary of 0"),
      ("N)R.", "byte 4: expected a name and its arguments, found None and a tuple of 0"),
      (
        "ccollections\nOrderedDict\n(Nt\u{52}.",
        "byte 30: expected OrderedDict without arguments, found a tuple of 1"
      ),
      ("ctorch\nFloatStorage\n)R.", "byte 23: expected a storage by its key, found one that is made"),
      ("NQ.", "byte 3: expected the id of a storage, found None"),
      ("h\u{0}.", "byte 2: expected a place in the memo below 0, found 0"),
      ("Nq\u{1}.", "byte 3: expected a place in the memo up to 0, found 1"),
      ("Nr\u{7F}\u{7F}\u{7F}\u{7F}.", "byte 3: expected a place in the memo up to 0, found 2139062143"),
      ("X\u{7F}\u{7F}\u{7F}\u{7F}a.", "byte 7: expected more of the pickle, found its end"),
      ("ctorch._utils\n_rebuild_tensor_v2\n)R.", "byte 36: expected 6 arguments of a tensor, found 0"),
      (
        "ctorch._utils\n_rebuild_parameter\n)R.",
        "byte 36: expected a tensor, requires_grad and hooks, found "
      ),
      ("U\u{1}aN.", nil),
    ] as [(String, String?)])
  func malformedPrograms(text: String, expected: String?) throws {
    let found = try problem(pickle(text))
    if let expected {
      #expect(found == expected)
    } else {
      #expect(found?.contains("dictionary of tensors") == true)
    }
  }

  @Test func protocolsAndLengths() throws {
    #expect(try problem([0x80, 1, 0x7D, 0x2E]) == "byte 0: expected a pickle of protocol 2 to 5, found 1")
    #expect(try problem([0x80, 6, 0x7D, 0x2E]) == "byte 0: expected a pickle of protocol 2 to 5, found 6")
    let long: [UInt8] = [0x8A, 9] + Array(repeating: 1, count: 9)
    #expect(
      try problem(pickle("") + long) == "byte 2: expected a whole number of at most 8 bytes, found one of 9")
    let wide: [UInt8] = [0x8D] + Array(repeating: 0xFF, count: 8)
    #expect(try problem(pickle("") + wide) == "byte 11: expected more of the pickle, found its end")
    #expect(
      try problem(pickle("X\u{1}\0\0\0") + [0xFF]) == "byte 2: expected a text in UTF-8, found other bytes")
    let name = String(repeating: "a", count: 300)
    #expect(
      try problem(pickle("c\(name)\n\n."))
        == "byte 2: expected a name of at most 256 bytes, found a longer one")
  }

  /// What a list holds is not looked at, so that a list of lists of ... of one list is as short as it is written.
  @Test func deepAndWideValues() throws {
    let depth = 300_000
    let tuples = pickle("}X\u{1}\0\0\0aN") + Array(repeating: 0x85, count: depth) + Array("s.".utf8)
    #expect(try message(tuples) == "DIR/m.bin: \"a\": expected a tensor, found a tuple of 1")
    let lists =
      Array(repeating: UInt8(ascii: "]"), count: depth)
      + Array(repeating: UInt8(ascii: "a"), count: depth - 1)
    #expect(
      try message(pickle("") + lists + [0x2E])
        == "DIR/m.bin: expected a dictionary of tensors, found a list of 1")
    var bomb = PickleText()
    bomb.raw("]q\0")
    for _ in 0..<20_000 { bomb.raw("(h\0h\0h\0h\0e") }
    bomb.raw(".")
    #expect(try message(bomb.bytes) == "DIR/m.bin: expected a dictionary of tensors, found a list of 80000")
  }

  /// One long text as the key of many values: keys are compared by number.
  @Test func longKeysOftenRepeated() throws {
    var pickle = PickleText()
    pickle.raw("}(")
    pickle.text(String(repeating: "k", count: 1_000_000))
    pickle.raw("q\0N")
    for _ in 0..<50_000 { pickle.raw("h\0N") }
    pickle.raw("u.")
    let name = String(repeating: "k", count: 100)
    #expect(try message(pickle.bytes) == "DIR/m.bin: \"\(name)…\": expected a tensor, found None")
  }

  private static func changed(_ change: (inout PickledTensor) -> Void) -> PickledTensor {
    var tensor = few[0]
    change(&tensor)
    return tensor
  }

  private static let few = [PickledTensor("a", elements: 4, shape: [2, 2], strides: [2, 1])]

  @Test(
    arguments: [
      (
        changed { $0.shape = [2, 3] },
        "expected to lie in a storage of 4 elements, found shape [2, 3] with strides [2, 1] from element 0"
      ),
      (
        changed { $0.offset = 1 },
        "expected to lie in a storage of 4 elements, found shape [2, 2] with strides [2, 1] from element 1"
      ),
      (changed { $0.offset = Int.max }, "from element \(Int.max)"),
      (changed { $0.strides = [Int.max, Int.max] }, "with strides [\(Int.max), \(Int.max)]"),
      (
        changed { ($0.shape, $0.strides) = ([1 << 40, 1 << 40], [0, 0]) },
        "expected at most as many elements as the file has bytes"
      ),
      (
        changed { ($0.shape, $0.strides) = ([1 << 40], [0]) },
        "expected at most as many elements as the file has bytes"
      ),
      (
        changed { ($0.shape, $0.strides) = ([0, Int.max, Int.max], [1, 1, 1]) },
        "expected at most as many elements"
      ),
      (changed { $0.elements = 5 }, "storage \"0\": expected 5 elements, found 4"),
      (changed { $0.elements = Int.max }, "storage \"0\": expected \(Int.max) elements, found 4"),
      (changed { $0.key = "1" }, "expected the data of storage \"1\", found none"),
      (changed { $0.key = "../version" }, "expected the data of storage \"../version\", found none"),
      (changed { $0.shape = [-1, 2] }, "expected a size from 0, found -1"),
      (changed { $0.strides = [2, -1] }, "expected a size from 0, found -1"),
      (changed { $0.offset = -1 }, "expected an offset from 0, found -1"),
      (changed { $0.elements = -1 }, "expected a number of elements from 0, found -1"),
      (changed { $0.strides = [1] }, "expected a stride for each of 2 dimensions, found 1"),
      (
        changed { $0.shape = Array(repeating: 1, count: 65) },
        "expected a tuple of at most 64 sizes, found a tuple of 65"
      ),
    ] as [(PickledTensor, String)])
  func tensorsOutsideTheirStorage(tensor: PickledTensor, expected: String) throws {
    let found = try message(PickleText.dictionary([tensor]), [("0", bytes([1, 2, 3, 4]))])
    #expect(found?.contains(expected) == true, "\(found as Any)")
  }

  @Test func storagesOfTwoTypes() throws {
    let two = Self.few + [PickledTensor("b", type: "Half", elements: 4, shape: [2], strides: [1])]
    #expect(
      try message(PickleText.dictionary(two), [("0", bytes([1, 2, 3, 4]))])
        == "DIR/m.bin: storage \"0\": expected one type, found F32 and F16")
    let longer = Self.few + [PickledTensor("b", elements: 3, shape: [2], strides: [1])]
    #expect(
      try message(PickleText.dictionary(longer), [("0", bytes([1, 2, 3, 4]))])
        == "DIR/m.bin: storage \"0\": expected 4 elements, found 3")
  }

  /// As in Python, of values under one name the last counts.
  @Test func theLastValueOfANameCounts() throws {
    let scratch = try Scratch()
    let two =
      Self.few + [PickledTensor("a", elements: 4, offset: 3, shape: [1], strides: [1], isParameter: true)]
    let file = try torchArchive(PickleText.dictionary(two), storages: [("0", bytes([1, 2, 3, 4]))])
    let path = try scratch.write(file, to: "m.bin")
    #expect(try TorchFile(path: path).tensor(named: "a").values == [4])
  }

  @Test func aStopEndsReading() throws {
    struct Stop: Error {}
    let scratch = try Scratch()
    let path = try scratch.write(
      torchArchive(PickleText.dictionary(Self.few), storages: [("0", bytes([1, 2, 3, 4]))]), to: "m.bin")
    #expect(throws: Stop.self) { try Interruption.asking({ throw Stop() }) { _ = try TorchFile(path: path) } }
  }
}
