/// That the values of a session would hold more memory than they may, in bytes.
public struct HeldMemoryFault: StatedFault, Equatable {
  let held: Int
  /// That were asked for beside it.
  let needed: Int
  let limit: Int
  /// nil: what the user has set.
  let bound: ProcessMemory.Bound?

  package var sentence: FaultSentence {
    let parts = [
      held > 0 ? "values hold \(roundedSize(held))" : nil,
      needed > 0 ? "\(roundedSize(needed))\(held > 0 ? " more" : "") are needed" : nil,
    ]
    let values = parts.compactMap(\.self).joined(separator: ", ")
    let advice = "let go of what is no longer needed, as with `let x = null`, or "
    switch bound {
    case nil:
      return (
        "memory-held", "\(values), the budget is \(roundedSize(limit))",
        advice + "raise it with --max-memory or `set max_memory \"4G\"`"
      )
    case .addressSpace:
      return (
        "memory-held", "\(values), the limit of address space leaves \(roundedSize(limit))",
        advice + "raise `ulimit -v` in the shell that starts ipsh"
      )
    case .memory:
      return (
        "memory-held", "\(values), the memory of this machine or container leaves \(roundedSize(limit))",
        advice + "give it more memory"
      )
    }
  }
}
