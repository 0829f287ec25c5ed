import ExactText

/// What is wrong with a part of a value that the format can hold in general.
package enum EncodingProblem: Error, Equatable {
  case reservedName(String)
  case tooLarge(limit: String)
}
