import Checkpoints
import ScratchFolders

/// Files of torch.save: each opens or is a fault, and what opens can be read.
package struct TorchTarget: FuzzTarget {
  private let file: ScratchFile

  package init() throws { file = try ScratchFile(name: "pytorch_model.bin") }

  package func input(_ generator: inout SeededGenerator) -> [UInt8] {
    if generator.chance(50) { return generator.randomBytes(0...60) }
    let isSequence = generator.chance(2)
    let storages = storages(&generator)
    let tensors = (0..<generator.count(0...4)).map { tensor($0, storages, &generator) }
    var pickle = PickleText.dictionary(tensors, isSequence: isSequence)
    // Archives have checksums and sizes that a change breaks, so that pickles are changed before they are packed.
    if generator.chance(3) { pickle = mutatedPickle(pickle, &generator) }
    let bytes = file(
      pickle, storages.filter { storage in tensors.contains { $0.key == storage.key } }, isSequence)
    return generator.chance(4) ? generator.mutated(bytes, 1...2) : bytes
  }

  private struct Storage {
    let key: String
    let type: String
    let elements: Int
    let size: Int
  }

  private static let types = [
    ("Float", 4), ("Half", 2), ("BFloat16", 2), ("Double", 8), ("Long", 8), ("Int", 4), ("Short", 2),
    ("Char", 1),
    ("Byte", 1), ("Bool", 1), ("ComplexFloat", 8),
  ]

  private func storages(_ generator: inout SeededGenerator) -> [Storage] {
    (0..<generator.count(1...3)).map { index in
      let (type, size) = generator.pick(generator.chance(30) ? Self.types : Self.types.dropLast())
      return Storage(key: "\(index)", type: type, elements: generator.count(0...30), size: size)
    }
  }

  /// Mostly inside the storage, in row-major order or any other.
  private func tensor(_ index: Int, _ storages: [Storage], _ generator: inout SeededGenerator)
    -> PickledTensor
  {
    let storage = generator.pick(storages)
    var shape = (0..<generator.count(0...3)).map { _ in generator.count(0...3) }
    var strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    if generator.chance(3) { strides.shuffle(using: &generator) }
    if shape.reduce(1, *) > storage.elements { (shape, strides) = ([storage.elements], [1]) }
    let room = max(0, storage.elements - shape.reduce(1, *))
    var tensor = PickledTensor(
      generator.pick(["a", "encoder.layer.0.weight", "é", ""]) + "\(index)", type: storage.type,
      key: storage.key,
      elements: storage.elements, offset: generator.count(0...room), shape: shape, strides: strides,
      isParameter: generator.chance(5))
    if generator.chance(25) { damage(&tensor, &generator) }
    return tensor
  }

  private func damage(_ tensor: inout PickledTensor, _ generator: inout SeededGenerator) {
    let number = generator.pick([-1, 0, 1, 2, 31, 1 << 31, 1 << 62, Int.max, Int.min])
    switch generator.count(0...4) {
    case 0: tensor.elements = number
    case 1: tensor.offset = number
    case 2: tensor.shape.append(number)
    case 3: tensor.strides = tensor.strides.map { _ in number }
    default: tensor.shape = tensor.shape.map { _ in number }
    }
  }

  /// Instructions of pickles, of which the reader knows most.
  private static let pieces: [[UInt8]] =
    [
      [0x80, 2], [0x80, 4], [0x94], [0x93], [0x85], [0x86], [0x87], [0x8A, 1, 0xFF], [0x8C, 1, 0x61], [0x88],
      [0x89],
      [0x71, 0], [0x72, 0, 0, 0, 0], [0x68, 0], [0x6A, 0, 0, 0, 0], [0x6A, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x4B, 7],
      [0x4A, 0xFF, 0xFF, 0xFF, 0xFF], [0x58, 0xFF, 0xFF, 0xFF, 0xFF], [0x95, 0, 0, 0, 0, 0, 0, 0, 0], [0x81],
      [0x8F],
      [0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    ]
    + [
      "(", ")", "t", "N", "R", "b", "Q", "}", "]", "a", "e", "s", "u", ".", "0", "2", "cos\nsystem\n",
      "c\n\n",
      "ccollections\nOrderedDict\n", "ctorch\nFloatStorage\n", "ctorch._utils\n_rebuild_tensor_v2\n",
      "ctorch._utils\n_rebuild_parameter\n",
    ].map { Array($0.utf8) }

  private func mutatedPickle(_ pickle: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var pickle = pickle
    for _ in 0..<generator.count(1...3) {
      let start = generator.count(0...pickle.count)
      switch generator.count(0...2) {
      case 0: pickle.insert(contentsOf: generator.pick(Self.pieces), at: start)
      case 1 where start < pickle.count: pickle[start] = generator.pick(Self.pieces)[0]
      default: pickle.removeSubrange(start..<min(pickle.count, start + generator.count(0...3)))
      }
    }
    return pickle
  }

  private func file(_ pickle: [UInt8], _ storages: [Storage], _ isSequence: Bool) -> [UInt8] {
    let data = storages.map { storage in
      (
        storage.key, storage.elements,
        (0..<storage.elements * storage.size).map { UInt8(truncatingIfNeeded: $0 * 37) }
      )
    }
    if isSequence { return torchSequence(pickle, storages: data) }
    // Never too large to be packed.
    return (try? torchArchive(pickle, storages: data.map { ($0.0, $0.2) })) ?? []
  }

  package func run(_ input: [UInt8]) throws -> String {
    try file.write(input)
    return try outcome {
      let checkpoint = try Checkpoint(file: file.path)
      try require(checkpoint.floatBytes >= 0 && checkpoint.byteCount >= 0, "negative sizes")
      for name in checkpoint.names where checkpoint.dtype(of: name)?.isConvertible == true {
        let tensor = try checkpoint.tensor(named: name)
        try require(tensor.shape == checkpoint.shape(of: name), "\(name) has shape \(tensor.shape)")
        // Memory stays in proportion to the file.
        try require(tensor.count <= input.count, "\(name) has \(tensor.count) elements")
      }
    }
  }
}
