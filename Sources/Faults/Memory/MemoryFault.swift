/// That a computation needs more working memory than it may have, in bytes.
public struct MemoryFault: Fault, Equatable {
  public let needed: Int
  public let budget: Int

  public init(needed: Int, budget: Int) { (self.needed, self.budget) = (needed, budget) }

  public var code: String { "memory-budget" }

  public var message: String {
    "needs about \(roundedSize(needed)) of working memory, the budget is \(roundedSize(budget))"
  }

  public var remedy: String? { "capture less, or raise it with --max-memory or `set max_memory \"4G\"`" }
}
