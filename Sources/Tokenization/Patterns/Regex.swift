import CPCRE2
import ExactText
import Faults

/// A regular expression in the notation of Oniguruma (Ruby's), which `tokenizers` uses, matched by PCRE2.
///
/// ``RegexTranslation`` writes what means something else there; ``UnicodeUpdate`` adds characters that the system's PCRE2 is too
/// old to know. A text is matched as UTF-32, so that places are those of its scalars.
final class Regex: @unchecked Sendable {
  /// As it stands in the file.
  let pattern: String
  // Never written to after compilation, so threads may share it; what a match writes to belongs to the match.
  private let code: OpaquePointer

  /// Steps that one match may take: a pattern that needs more goes back and forth without end.
  private static let mostSteps: UInt32 = 10_000_000
  /// In bytes; the stack on which a match remembers where it can go back to.
  private static let largestStack = 64 << 20

  /// - Throws: ``RegexTranslation/Problem``.
  init(_ pattern: String) throws {
    self.pattern = pattern
    let translated = try RegexTranslation.translate(pattern).unicodeScalars.map(\.value)
    let context = pcre2_compile_context_create_32(nil)
    defer { pcre2_compile_context_free_32(context) }
    pcre2_set_newline_32(context, UInt32(PCRE2_NEWLINE_LF))
    pcre2_set_bsr_32(context, UInt32(PCRE2_BSR_UNICODE))
    var (error, place): (Int32, Int) = (0, 0)
    // As in Ruby: ^ and $ are about lines.
    let options = UInt32(PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NO_UTF_CHECK)
    guard
      let code = pcre2_compile_32(translated, translated.count, options, &error, &place, context)
    else { throw RegexTranslation.Problem(construct: Self.message(error)) }
    self.code = code
    // Where there is no compiler for the processor, matches are interpreted.
    _ = pcre2_jit_compile_32(code, UInt32(PCRE2_JIT_COMPLETE))
  }

  deinit { pcre2_code_free_32(code) }

  private static func message(_ error: Int32) -> String {
    var buffer = [UInt32](repeating: 0, count: 256)
    let length = pcre2_get_error_message_32(error, &buffer, buffer.count)
    return String(
      String.UnicodeScalarView(buffer.prefix(max(0, Int(length))).compactMap(Unicode.Scalar.init)))
  }

  /// The matches in `text[part]`, from left to right; nothing outside of `part` is looked at. After an empty match the
  /// search goes on behind the next character.
  ///
  /// - Throws: what `body` throws, ``TokenizationFault/patternTooCostly(_:)``, ``Interrupted``.
  func forEachMatch(
    in text: [Unicode.Scalar], _ part: Range<Int>, _ body: (Range<Int>) throws -> Void
  ) throws {
    let match = try Match(code, pattern, mostSteps: Self.mostSteps, largestStack: Self.largestStack)
    var (start, last): (Int, Int?) = (0, nil)
    let length = part.count
    var steps = Steps()
    try text.withUnsafeBufferPointer { scalars in
      guard let base = scalars.baseAddress else { return }
      try (base + part.lowerBound).withMemoryRebound(to: UInt32.self, capacity: length) { first in
        while start <= length {
          try steps.next()
          guard let found = try match.next(first, length, from: start) else { return }
          if found.isEmpty, found.lowerBound == last {
            start = found.upperBound + 1
            continue
          }
          (start, last) = (found.upperBound, found.upperBound)
          try body(found.lowerBound + part.lowerBound..<found.upperBound + part.lowerBound)
        }
      }
    }
  }
}

/// What the matches of one text share.
private final class Match {
  private let code: OpaquePointer
  private let data: OpaquePointer
  private let context: OpaquePointer
  private var stack: OpaquePointer?
  private let pattern: String
  private let largestStack: Int

  init(_ code: OpaquePointer, _ pattern: String, mostSteps: UInt32, largestStack: Int) throws {
    guard let data = pcre2_match_data_create_32(1, nil) else {
      throw TokenizationFault.patternTooCostly(pattern)
    }
    guard let context = pcre2_match_context_create_32(nil) else {
      pcre2_match_data_free_32(data)
      throw TokenizationFault.patternTooCostly(pattern)
    }
    (self.code, self.pattern, self.data, self.context) = (code, pattern, data, context)
    self.largestStack = largestStack
    pcre2_set_match_limit_32(context, mostSteps)
  }

  deinit {
    pcre2_match_data_free_32(data)
    pcre2_match_context_free_32(context)
    if let stack { pcre2_jit_stack_free_32(stack) }
  }

  func next(_ subject: UnsafePointer<UInt32>, _ length: Int, from start: Int) throws -> Range<Int>? {
    let options = UInt32(PCRE2_NO_UTF_CHECK)
    var result = pcre2_match_32(code, subject, length, start, options, data, context)
    if result == PCRE2_ERROR_JIT_STACKLIMIT, stack == nil {
      // The machine's own stack, of which 32 KiB are used, is enough for nearly everything.
      stack = pcre2_jit_stack_create_32(1 << 20, largestStack, nil)
      pcre2_jit_stack_assign_32(context, nil, stack.map { UnsafeMutableRawPointer($0) })
      result = pcre2_match_32(code, subject, length, start, options, data, context)
    }
    if result == PCRE2_ERROR_NOMATCH { return nil }
    guard result >= 0, let ends = pcre2_get_ovector_pointer_32(data) else {
      throw TokenizationFault.patternTooCostly(pattern)
    }
    // A match may begin before its end only: \K, which turns them around, is not let in.
    return ends[0]..<ends[1]
  }
}
