import Files

/// A tensor as torch's pickles describe it, right or wrong.
package struct PickledTensor: Sendable {
  package var name: String
  /// `Float`, `Half`, ...: of torch's storages.
  package var type = "Float"
  package var key = "0"
  /// Of the storage.
  package var elements: Int
  package var offset = 0
  package var shape: [Int]
  package var strides: [Int]
  package var isParameter = false

  package init(
    _ name: String, type: String = "Float", key: String = "0", elements: Int, offset: Int = 0, shape: [Int],
    strides: [Int], isParameter: Bool = false
  ) {
    (self.name, self.type, self.key, self.elements) = (name, type, key, elements)
    (self.offset, self.shape, self.strides, self.isParameter) = (offset, shape, strides, isParameter)
  }
}

/// Instructions of a pickle, written by hand: those of torch, and any others.
package struct PickleText {
  package private(set) var bytes: [UInt8] = [0x80, 2]
  /// Before torch 1.6 the ids of storages have one part more.
  private let isSequence: Bool

  package init(isSequence: Bool = false) { self.isSequence = isSequence }

  package mutating func raw(_ bytes: some Sequence<UInt8>) { self.bytes += bytes }
  package mutating func raw(_ text: String) { bytes += text.utf8 }

  package mutating func text(_ text: String) {
    bytes += [0x58] + littleEndian(UInt32(text.utf8.count)) + text.utf8
  }

  package mutating func integer(_ number: Int) {
    bytes += [0x8A, 8] + littleEndian(Int64(number))
  }

  package mutating func integers(_ numbers: [Int]) {
    raw("(")
    numbers.forEach { integer($0) }
    raw("t")
  }

  package mutating func tensor(_ tensor: PickledTensor) {
    if tensor.isParameter { raw("ctorch._utils\n_rebuild_parameter\n(") }
    raw("ctorch._utils\n_rebuild_tensor_v2\n((")
    text("storage")
    raw("ctorch\n\(tensor.type)Storage\n")
    text(tensor.key)
    text("cpu")
    integer(tensor.elements)
    raw(isSequence ? "NtQ" : "tQ")
    integer(tensor.offset)
    integers(tensor.shape)
    integers(tensor.strides)
    hooks()
    if tensor.isParameter { hooks() }
  }

  private mutating func hooks() {
    raw([0x89])
    raw("ccollections\nOrderedDict\n)RtR")
  }

  /// A whole pickle of a state dictionary.
  package static func dictionary(_ tensors: [PickledTensor], isSequence: Bool = false) -> [UInt8] {
    var pickle = PickleText(isSequence: isSequence)
    pickle.raw("ccollections\nOrderedDict\n)R(")
    for tensor in tensors {
      pickle.text(tensor.name)
      pickle.tensor(tensor)
    }
    pickle.raw("u.")
    return pickle.bytes
  }
}

/// A file of torch.save as an archive, with this pickle.
package func torchArchive(
  _ pickle: [UInt8], storages: [(String, [UInt8])] = [], others: [(String, String)] = []
) throws -> [UInt8] {
  var writer = ZIPWriter()
  try writer.append(name: "m/data.pkl", pickle)
  try writer.append(name: "m/byteorder", Array("little".utf8))
  for (key, data) in storages { try writer.append(name: "m/data/\(key)", data) }
  try writer.append(name: "m/version", Array("3\n".utf8))
  for (name, text) in others { try writer.append(name: name, Array(text.utf8)) }
  return try writer.finished()
}

/// What the files of torch before 1.6 begin with.
package let torchSequenceStart: [UInt8] =
  [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
  + [0x80, 2, 0x4D, 0xE9, 3, 0x2E] + [0x80, 2, 0x7D, 0x58, 13, 0, 0, 0] + Array("little_endian".utf8) + [
    0x88, 0x73, 0x2E,
  ]

/// A file of torch.save before 1.6, with this pickle; a storage has a number of elements and data.
package func torchSequence(
  _ pickle: [UInt8], storages: [(String, Int, [UInt8])] = []
) -> [UInt8] {
  var keys = PickleText()
  keys.raw("](")
  for (key, _, _) in storages { keys.text(key) }
  keys.raw("e.")
  return torchSequenceStart + pickle + keys.bytes
    + storages.flatMap { littleEndian(Int64($0.1)) + $0.2 }
}
