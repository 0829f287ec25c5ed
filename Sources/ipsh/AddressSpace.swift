import Faults
import Foundation
import SystemCalls
import Tensors

/// What of a limit of address space (`ulimit -v`) the program has to find before it begins.
enum AddressSpace {
  /// For values and the memory of computations, at the least.
  private static let smallest = 96 << 20
  /// Of a thread, as far as it is mapped.
  private static let stack = 8 << 20

  /// Lets all threads allocate from one heap: one for each would reserve some 100 MB that nothing is put into.
  ///
  /// - Returns: whether that holds from the next start on.
  static func shareHeap() -> Bool {
    guard ProcessMemory.addressSpace != nil, getenv(heapVariable) == nil else { return false }
    return setenv(heapVariable, "1", 1) == 0
  }

  /// Read by the C library when the program starts.
  private static let heapVariable = "MALLOC_ARENA_MAX"

  /// Makes sure that there is room for the matrix library, which waits for ever where there is not.
  ///
  /// - Throws: ``AddressSpaceFault``.
  static func reserve(threads: Int) throws {
    guard let limit = ProcessMemory.addressSpace else { return }
    let needed = base + BLAS.buffers(threads: threads) * (BLAS.bufferSize + stack) + smallest
    guard needed <= limit else { throw AddressSpaceFault(limit: limit, needed: needed, threads: threads) }
    BLAS.takeBuffers(threads: threads)
  }

  /// What is mapped without the buffers of the matrix library: whether the threads that it began have theirs yet is not known.
  private static var base: Int {
    let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
    return maps.split(separator: "\n").reduce(0) { sum, line in
      let fields = line.split(separator: " ")
      let ends = fields.first?.split(separator: "-").compactMap { Int($0, radix: 16) } ?? []
      guard ends.count == 2 else { return sum }
      let size = ends[1] - ends[0]
      return fields.count < 6 && size >= BLAS.bufferSize / 2 ? sum : sum + size
    }
  }
}

/// That a limit of address space is too low to begin, in bytes.
struct AddressSpaceFault: StatedFault {
  let limit: Int
  let needed: Int
  let threads: Int

  var sentence: FaultSentence {
    (
      "address-space",
      "the limit of address space is \(roundedSize(limit)); with \(counted(threads, "thread")) "
        + "\(roundedSize(needed)) are needed at least",
      "`ulimit -v \((needed + 1023) >> 10)` before ipsh"
        + (threads > 1 ? ", or fewer threads: `OPENBLAS_NUM_THREADS=1 ipsh`" : "")
    )
  }
}
