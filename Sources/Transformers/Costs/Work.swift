/// What a computation takes.
public struct Work: Sendable, Equatable {
  /// Multiply-adds of its matrix products; of other work, as many as take as long.
  public var operations: Double
  /// How many layers' weights it reads: passes over few tokens take as long as that does.
  public var layers: Double
  /// Memory that it holds at its peak, in bytes, weights apart.
  public var bytes: Int
  /// How many times a sentence goes through the network.
  public var sequences: Int

  public init(operations: Double = 0, layers: Double = 0, bytes: Int = 0, sequences: Int = 0) {
    (self.operations, self.layers) = (operations, layers)
    (self.bytes, self.sequences) = (bytes, sequences)
  }

  /// One computation after another.
  public static func + (a: Work, b: Work) -> Work {
    Work(
      operations: a.operations + b.operations, layers: a.layers + b.layers, bytes: max(a.bytes, b.bytes),
      sequences: a.sequences + b.sequences)
  }

  /// The same computation several times, its memory apart.
  public static func * (count: Double, work: Work) -> Work {
    Work(operations: count * work.operations, layers: count * work.layers, bytes: work.bytes)
  }
}

/// The work of plans that are counted instead of run: see ``Execution``.
///
/// Used by one thread at a time.
public final class WorkLog: @unchecked Sendable {
  private var work = Work()
  private var held = 0

  public init() {}

  /// - Parameter work: its memory comes on top of what is held meanwhile.
  package func add(_ work: Work) {
    var work = work
    work.bytes += held
    self.work = self.work + work
  }

  /// Adds `bytes` to the memory of all work in `body`.
  package func holding<R>(_ bytes: Int, _ body: () throws -> R) rethrows -> R {
    held += bytes
    defer { held -= bytes }
    return try body()
  }

  /// The work of `body` alone, also when it throws; what is logged around it does not contain it.
  public func work<R>(of body: () throws -> R) -> (result: Result<R, any Error>, work: Work) {
    let outer = work
    work = Work()
    defer { work = outer }
    let result = Result { try body() }
    return (result, work)
  }
}
