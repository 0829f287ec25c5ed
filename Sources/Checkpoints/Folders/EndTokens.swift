import JSONReading

extension ModelFolder {
  /// The tokens behind which a text goes on no further, as `generation_config.json` names them, else `config.json`: a number or
  /// a list of numbers; empty where neither does.
  ///
  /// - Throws: ``CheckpointFault`` naming the file for what is neither.
  public func endTokens() throws -> Set<Int32> {
    for file in ["generation_config.json", "config.json"] {
      guard try contents(of: file) != nil else { continue }
      if let ids = try decode(EndTokens.self, from: file).ids { return Set(ids) }
    }
    return []
  }
}

private struct EndTokens: Decodable {
  /// nil where the file names none.
  let ids: [Int32]?

  private enum Key: String, CodingKey { case ids = "eos_token_id" }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let id = try? container.decodeIfPresent(Int32.self, forKey: .ids) {
      ids = [id]
    } else {
      ids = try container.decodeIfPresent([Int32].self, forKey: .ids)
    }
  }
}
