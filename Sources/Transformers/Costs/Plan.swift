/// A computation before it is made: what it takes, what form its result has, and how it is made.
///
/// Everything that can be wrong with a question is found when its plan is made. A plan is run or counted, as its
/// ``Execution`` says; what it counts is what it would run, since both go by the same division into parts.
public struct Plan<Value> {
  private let count: () -> Work
  private let stand: () -> Value
  private let make: () throws -> Value

  /// - Parameters:
  ///   - work: of all parts, one after another.
  ///   - form: a value of the same shape as the result, whose numbers mean nothing.
  public init(work: @escaping () -> Work, form: @escaping () -> Value, run: @escaping () throws -> Value) {
    (count, stand, make) = (work, form, run)
  }

  public var work: Work { count() }

  public var form: Value { stand() }

  public func run() throws -> Value { try make() }

  public func map<Other>(_ transform: @escaping (Value) -> Other) -> Plan<Other> {
    Plan<Other>(
      work: count, form: { [stand] in transform(stand()) }, run: { [make] in transform(try make()) })
  }
}

/// What becomes of plans: they are run, or their work is added to a log and they give the form of their results.
///
/// An algorithm whose next step depends on what the one before it found performs a plan for each.
public struct Execution: Sendable {
  private let log: WorkLog?

  public static let running = Execution(log: nil)

  public static func counting(in log: WorkLog) -> Execution { Execution(log: log) }

  public func perform<Value>(_ plan: Plan<Value>) throws -> Value {
    guard let log else { return try plan.run() }
    log.add(plan.work)
    return plan.form
  }

  /// Performs what `body` does while `bytes` are held.
  package func holding<R>(_ bytes: Int, _ body: () throws -> R) rethrows -> R {
    guard let log else { return try body() }
    return try log.holding(bytes, body)
  }
}
