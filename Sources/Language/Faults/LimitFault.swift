import Faults

/// What would grow without end: values, loops, calls.
package enum LimitFault: StatedFault {
  case tooDeeplyNested(limit: Int)
  case tooManyElements(limit: Int)
  case tooManyNested(limit: Int)
  case textTooLong(limit: Int)
  case tooManyTurns(limit: Int)
  case tooDeep(limit: Int)
  case callsTooDeep(limit: Int)
  case stackExhausted

  package var sentence: FaultSentence {
    switch self {
    case .tooDeeplyNested(let limit):
      ("nested-too-deeply", "lists and records nest at most \(limit) deep", nil)
    case .tooManyElements(let limit): ("too-many-elements", "a list has at most \(limit) elements", nil)
    case .tooManyNested(let limit):
      (
        "too-many-elements", "a list or record holds at most \(limit) values, those in its elements included",
        nil
      )
    case .textTooLong(let limit):
      ("text-too-long", "a string has at most \(ByteSize.text(limit)) of text", nil)
    case .tooManyTurns(let limit):
      (
        "too-many-turns", "the loop has not ended after \(limit) turns",
        "`set max_turns N` allows more, if it is to go on"
      )
    case .tooDeep(let limit): ("too-deep", "sources nest deeper than \(limit)", nil)
    case .callsTooDeep(let limit):
      (
        "recursion-limit", "functions call each other more than \(limit) deep",
        "let the recursion end earlier, or use a loop"
      )
    case .stackExhausted:
      (
        "recursion-limit", "calls and expressions are nested too deep for the stack",
        "let the recursion end earlier, or use a loop"
      )
    }
  }
}
