import ExactText
import Results

/// A form in which a person is shown a result elsewhere than on a terminal, by its media type.
public enum MediaType: String, Sendable, CaseIterable {
  /// As on a terminal without colours.
  case text = "text/plain"
  /// Tables, and what has some.
  case html = "text/html"
  /// Drawings.
  case svg = "image/svg+xml"
}

extension CommandResult {
  /// nil where the result has no such form.
  ///
  /// - Throws: ``Interrupted``.
  public func text(as type: MediaType, options: RenderOptions) throws -> String? {
    switch type {
    case .text:
      let text = try TableRenderer().render(self, options: options).plain
      return text.unicodeScalars.last == "\n" ? String(text.dropLast()) : text
    case .html: return try HTMLLayout(options).fragment(of: self)
    case .svg:
      guard case .figure(let figure) = value else { return nil }
      return try figure.svg
    }
  }
}
