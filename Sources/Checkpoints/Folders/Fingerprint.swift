import Faults
import Files

/// Identifies the contents of a model folder without reading all of it.
///
/// Covers, for each file: name, size, the whole contents up to 128 KiB, else 32 blocks of 4 KiB spread evenly
/// from the first byte to the last; for files of weights also all that they say of their tensors. Two models of the same
/// architecture differ, as their weights do at the sampled places; a change of single weights elsewhere is not seen.
struct Fingerprint {
  private var hash = SHA256()

  private static let block = 4096
  private static let blocks = 32

  mutating func add(_ path: String) throws {
    let file = try OpenFile(path)
    let size = try file.stamp().size
    hash.update("\(lastComponent(path)):\(size)\n".utf8)
    if size <= Self.block * Self.blocks {
      hash.update(try file.read(at: 0, count: size))
    } else {
      for index in 0..<Self.blocks {
        let offset = (size - Self.block) * index / (Self.blocks - 1)
        hash.update(try file.read(at: offset, count: Self.block))
      }
    }
  }

  /// Adds the header of a weights file that was opened before.
  mutating func add(headerOf shard: Checkpoint.Shard) throws {
    for range in shard.headerRanges {
      try range.forEachPart { hash.update(try shard.file.bytes(in: $0, reading: "the header")) }
    }
  }

  consuming func finalize() -> String { hash.finalize() }
}
