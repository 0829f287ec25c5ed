import SystemCalls

/// What the system leaves this process of memory, beside the budget that a user sets.
package enum ProcessMemory {
  /// What bounds it.
  package enum Bound: Sendable {
    /// `ulimit -v`.
    case addressSpace
    /// Of the machine, or of the control group that a container or a service runs in.
    case memory
  }

  /// Bytes that are left below the nearest bound.
  package static func left() -> (bytes: Int, bound: Bound)? {
    guard let used else { return nil }
    var left = memory.map { ($0 - used.resident, Bound.memory) }
    if let addressSpace, left.map({ addressSpace - used.mapped < $0.0 }) ?? true {
      left = (addressSpace - used.mapped, .addressSpace)
    }
    return left.map { (max(0, $0.0), $0.1) }
  }

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

  /// Bytes that are mapped, and those of them that are in memory; nil where the system does not tell.
  private static var used: (mapped: Int, resident: Int)? {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let fields = firstLine(of: "/proc/self/statm")?.split(separator: " ").compactMap { Int($0) } ?? []
    return fields.count > 1 ? (fields[0] * page, fields[1] * page) : nil
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
