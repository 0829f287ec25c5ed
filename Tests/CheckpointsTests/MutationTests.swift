import Faults
import Testing

@testable import Checkpoints

/// Flips, cuts and inserts bytes of a small valid file: each result loads or is a fault, nothing else.
@Suite struct MutationTests {
  @Test(arguments: 1...4) func neverCrashes(seed: Int) throws {
    let scratch = try Scratch()
    let valid = safetensors(["embeddings.weight": [1, 2, 3], "encoder.bias": [4], "x": []])
    var random = SplitMix(state: UInt64(seed))
    var loaded = 0
    for round in 0..<1000 {
      let path = try scratch.write(mutate(valid, &random), to: "m\(round % 2).safetensors")
      do {
        let checkpoint = try Checkpoint(safetensors: path)
        for name in checkpoint.names where checkpoint.dtype(of: name)?.isConvertible == true {
          #expect(try checkpoint.tensor(named: name).shape == checkpoint.shape(of: name))
        }
        loaded += 1
      } catch let fault as CheckpointFault {
        #expect(!fault.message.isEmpty && !fault.message.contains("\n"))
      }
    }
    // Flips inside the data and the names leave a valid file, most others do not.
    #expect(loaded > 20 && loaded < 500, "\(loaded) of 1000 loaded")
  }

  private func mutate(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...2, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes.removeLast(bytes.count - place)
      case 3: bytes.remove(at: place)
      default: bytes.insert(UInt8.random(in: 32...126, using: &random), at: place)
      }
    }
    return bytes
  }
}

/// A small generator with a seed (Steele, Lea and Flood, 2014), so that failures repeat.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
