import CMemoryUse
import SystemCalls

/// Bounds what the values of a session hold, all together: variables, results, and what is just being made.
///
/// What they hold is asked of the allocator, so nothing is forgotten and what was freed does not count. That takes a walk
/// over free memory, so it is done only when enough was made since the last time to matter: every place that makes values
/// says how many bytes it makes (``note(_:)``), more rather than less, and walks over long values do so by their ``Steps``.
///
/// One thread uses it, that of the session; it is the only one of its process, since the allocator knows no sessions.
public final class MemoryBudget {
  /// Bytes that values and computations may take together.
  private let limit: () -> Int
  /// What the process held before there were values.
  private let baseline = Int(memory_use().held)
  /// Bytes that may have been made since the last look.
  private var made = 0
  /// How many there may be before the next one.
  private var allowance = 0

  /// Smaller budgets bound computations alone: what the session keeps beside its values comes to some megabytes.
  private static let smallest = 16 << 20
  /// What a step of a walk makes: a value, and what it holds, which is seldom more.
  static let bytesPerStep = 64

  /// - Parameter limit: asked at each look, in bytes.
  public init(limit: @escaping () -> Int) { self.limit = limit }

  /// Bytes that values hold now; those of loaded models and the program itself do not count.
  public var held: Int { max(0, Int(memory_use().held) - baseline - UncountedMemory.bytes) }

  /// Says that values of about so many bytes were made.
  ///
  /// - Throws: ``HeldMemoryFault`` when all values together hold more than they may.
  @inline(__always)
  public func note(_ bytes: Int) throws {
    made &+= bytes
    if made > allowance { try look(needed: 0) }
  }

  /// Asks whether so many bytes more are left, before they are made.
  ///
  /// - Throws: ``HeldMemoryFault`` when not.
  public func require(_ bytes: Int) throws {
    if made &+ bytes > allowance { try look(needed: bytes) }
  }

  /// What the values leave for a computation, in bytes. In sixteenths of the budget, rounded up, so that how work is divided
  /// does not depend on every byte that is held.
  public var room: Int {
    let limit = limit()
    let (unit, left) = (max(1, limit / 16), limit - max(0, held - Self.smallest))
    let ofSystem = ProcessMemory.left()?.bytes ?? .max
    let rounded = max(0, left) / unit * unit + (left % unit > 0 ? unit : 0)
    return max(1, min(limit, rounded, ofSystem))
  }

  private func look(needed: Int) throws {
    let use = memory_use()
    let held = max(0, Int(use.held) - baseline - UncountedMemory.bytes)
    let limit = max(limit(), Self.smallest)
    var (room, bound) = (limit - held, ProcessMemory.Bound?.none)
    if let left = ProcessMemory.left(), left.bytes < room { (room, bound) = (left.bytes, left.bound) }
    made = 0
    allowance = max(room / 8, limit >> 8, Self.bytesPerStep * Int(use.free_pieces))
    guard needed <= room, room > 0 else {
      throw HeldMemoryFault(
        held: held, needed: needed, limit: bound == nil ? limit : held + room, bound: bound)
    }
  }
}

// MARK: The thread's
extension MemoryBudget {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let status = pthread_key_create(&key, nil)
    precondition(status == 0, "no thread-local storage: \(status)")
    return key
  }()

  /// Of what this thread runs; nil where nothing is bounded.
  public static var current: MemoryBudget? {
    pthread_getspecific(key).map { Unmanaged<MemoryBudget>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Runs `body`, in which this thread's values count for this budget.
  public func bounding<R>(_ body: () throws -> R) rethrows -> R {
    let outer = pthread_getspecific(Self.key)
    pthread_setspecific(Self.key, Unmanaged.passUnretained(self).toOpaque())
    defer { pthread_setspecific(Self.key, outer) }
    return try body()
  }
}
