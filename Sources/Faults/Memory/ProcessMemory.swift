import CMemoryUse
import SystemCalls

/// What the system leaves this process of memory, beside the budget that a user sets.
package enum ProcessMemory {
  /// What bounds it.
  package enum Bound: Sendable {
    /// `ulimit -v`.
    case addressSpace
    /// Of the machine, or of the control group that a container runs in.
    case memory
  }

  /// Of what is left, for what is made without asking.
  static let reserve = 64 << 20

  /// Bytes that are left below the nearest bound, less the reserve; nil where there is no bound.
  static func left(below only: Bound? = nil) -> (bytes: Int, bound: Bound)? {
    guard let used else { return nil }
    let bounds = [
      (Bound.addressSpace, addressSpace.map { $0 - used.mapped }),
      (.memory, memory.map { $0 - used.resident }),
    ]
    return bounds.filter { only == nil || $0.0 == only }
      .compactMap { bound, bytes in bytes.map { (max(0, $0 - reserve), bound) } }
      .min { $0.bytes < $1.bytes }
  }

  /// Asks whether so many bytes more are left.
  ///
  /// - Parameter only: the bound that is asked about; nil: all.
  /// - Throws: ``HeldMemoryFault`` when not.
  package static func require(_ bytes: Int, of only: Bound? = nil) throws {
    guard let left = left(below: only), left.bytes < bytes else { return }
    throw HeldMemoryFault(held: 0, needed: bytes, limit: left.bytes, bound: left.bound)
  }

  /// Gives the system what was freed and the allocator keeps.
  package static func giveBack() { memory_return() }

  /// The soft limit of address space, in bytes; nil where there is none.
  package static var addressSpace: Int? {
    var limit = rlimit()
    #if canImport(Glibc)
      let status = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #else
      let status = getrlimit(RLIMIT_AS, &limit)
    #endif
    return status == 0 && limit.rlim_cur < 1 << 60 ? Int(limit.rlim_cur) : nil
  }

  /// In bytes: of the machine, less where a control group may have less.
  private static let memory: Int? = {
    let ofMachine = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    let ofGroup = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
      .compactMap { firstLine(of: $0).flatMap { Int($0) } }
    return ([ofMachine] + ofGroup).filter { $0 > 0 }.min()
  }()

  /// Bytes that are mapped, and those of them in memory that no file holds; nil where the system does not tell.
  private static var used: (mapped: Int, resident: Int)? {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let fields = firstLine(of: "/proc/self/statm")?.split(separator: " ").compactMap { Int($0) } ?? []
    // Pages of files, such as weights, can be dropped.
    return fields.count > 2 ? (fields[0] * page, (fields[1] - fields[2]) * page) : nil
  }

  /// Of a short file of the kernel.
  private static func firstLine(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      guard count > 0 else { return nil }
      return String(decoding: buffer[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
  }
}
