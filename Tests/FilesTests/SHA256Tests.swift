import Files
import Testing

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-4 and, for lengths around a block, that pieces and the whole agree.
  @Test func isThatOfTheStandard() {
    func hash(_ text: String) -> String {
      var hash = SHA256()
      hash.update(text.utf8)
      return hash.finalize()
    }
    #expect(hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    for length in 54...66 {
      var pieces = SHA256()
      for _ in 0..<length { pieces.update("a".utf8) }
      #expect(pieces.finalize() == hash(String(repeating: "a", count: length)))
    }
  }
}
