import ExactText
import Testing

@testable import Tokenization

/// Words as entries, and how tokens read.
struct WordTests {
  private static let gpt2 = Result { try FamilyAgreementTests.tokenizer("gpt2") }
  private static let llama = Result { try FamilyAgreementTests.tokenizer("llama") }
  private static let gemma = Result { try FamilyAgreementTests.tokenizer("gemma2") }
  private static let albert = Result { try FamilyAgreementTests.tokenizer("albert") }

  private func message(_ read: () throws -> Any) -> String? {
    #expect(throws: TokenizationFault.self) { _ = try read() }?.message
  }

  private func name(_ tokenizer: Tokenizer, _ word: String, _ continuing: Bool) throws -> String {
    tokenizer.vocabulary.name(of: Int(try tokenizer.entry(word, continuing: continuing)))
  }

  @Test func wordsContinueASentenceOrStandAsWritten() throws {
    let gpt2 = try Self.gpt2.get()
    #expect(gpt2.marksBlanks && gpt2.around == (0, 0))
    #expect(try name(gpt2, "the", true) == "Ġthe" && name(gpt2, " the", false) == "Ġthe")
    #expect(try name(gpt2, " the", true) == "Ġthe" && name(gpt2, "e", false) == "e")
    #expect(try name(gpt2, "<|endoftext|>", true) == "<|endoftext|>")
    #expect(
      message { try gpt2.entry("the", continuing: false) }
        == "\"the\" is not one vocabulary entry; its pieces are t he")
  }

  @Test func sentencePieceMarksBlanksToo() throws {
    for tokenizer in [try Self.llama.get(), try Self.gemma.get()] {
      #expect(tokenizer.marksBlanks && tokenizer.around == (1, 0))
      #expect(try name(tokenizer, "T", true) == "▁T" && name(tokenizer, " T", false) == "▁T")
      #expect(try name(tokenizer, "e", false) == "e" && name(tokenizer, "<s>", false) == "<s>")
      #expect(
        message { try tokenizer.entry("日", continuing: false) }?.contains("<0xE6> <0x97> <0xA5>") == true)
    }
    let albert = try Self.albert.get()
    #expect(albert.marksBlanks && albert.around == (1, 1))
    #expect(try name(albert, "THE", true) == "▁the" && name(albert, " the", false) == "▁the")
    #expect(message { try albert.entry("日", continuing: true) }?.hasSuffix("its pieces are ▁ <unk>") == true)
  }

  @Test func wordPiecesAreAsWritten() throws {
    let bert = try Tokenizer(vocabulary: Vocabulary(vocabText: Array(LoadingTests.vocabText.utf8)))
    #expect(!bert.marksBlanks && bert.around == (1, 1))
    for continuing in [true, false] {
      #expect(
        try bert.entry("CAFE", continuing: continuing) == 5 && bert.entry("##s", continuing: continuing) == 8)
      #expect(try bert.entry("[MASK]", continuing: continuing) == 4)
    }
    #expect(
      message { try bert.entry("cafes", continuing: true) }
        == "\"cafes\" is not one vocabulary entry; its pieces are cafe ##s")
    #expect(
      message { try bert.entry("dog", continuing: true) }
        == "\"dog\" is not one vocabulary entry; its pieces are [UNK]")
    #expect(bert.text(of: 8) == "##s" && bert.text(of: 99) == "id[99]")
  }

  @Test func tokensReadAsText() throws {
    let (gpt2, llama) = (try Self.gpt2.get(), try Self.llama.get())
    func text(_ tokenizer: Tokenizer, _ name: String) throws -> String {
      tokenizer.text(of: try #require(tokenizer.vocabulary.id(of: name)))
    }
    #expect(try text(gpt2, "Ġthe") == " the" && text(gpt2, "Ċ") == "\n" && text(gpt2, "Ã") == "Ã")
    #expect(try text(gpt2, "<|endoftext|>") == "<|endoftext|>")
    #expect(try text(llama, "▁T") == " T" && text(llama, "<s>") == "<s>")
    let bytes = try llama.encode("日", addSpecial: false).ids
    #expect(try llama.decode(bytes, skipSpecial: false) == "日")
    #expect(try llama.decode(bytes.dropLast(), skipSpecial: false) == "\u{FFFD}\u{FFFD}")
  }

  @Test func rolesMayBeAbsent() throws {
    let gpt2 = try Self.gpt2.get()
    #expect(gpt2.id(.mask) == nil && gpt2.id(.eos) == 0 && gpt2.specialTokens.pad == nil)
    #expect(message { try gpt2.requiredID(.mask) } == "the tokenizer has no mask token")
  }

  @Test(arguments: ["gpt2", "llama", "albert", "llama3"])
  func longTextsAndWordsTakeTheirTime(family: String) throws {
    let tokenizer = try FamilyAgreementTests.tokenizer(family)
    for text in ["a", " ", "ab", "e\u{301}\u{316}", "\u{1F600}", "a b\n"] {
      _ = try tokenizer.encode(String(repeating: text, count: 10_000))
    }
  }
}
