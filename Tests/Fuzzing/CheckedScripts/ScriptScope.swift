/// What a generated script has bound at a place, by what it holds.
struct ScriptScope {
  var numbers: [String] = []
  var texts: [String] = []
  /// Of numbers.
  var lists: [String] = []
  /// Records with the fields `a` (a number) and `b` (a text).
  var records: [String] = []
  /// Of one number, and with a second that has a default.
  var functions: [String] = []
  var isInFunction = false
  var isInLoop = false
  /// The folder of its files.
  let folder: String
}
