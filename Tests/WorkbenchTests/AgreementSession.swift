/// A session of the embedded encoder with a sentence and a quantity.
let agreementSession = """
  load "demo"
  text "the author that the guards like [MASK] young ."
  qoi is - are

  """

/// The quantity of the last result of a script, which is that of `forward`.
func quantity(_ text: String) throws -> Double {
  struct Forward: Decodable { let qoi: Double }
  return (try jsonResult(text) as Forward).qoi
}
