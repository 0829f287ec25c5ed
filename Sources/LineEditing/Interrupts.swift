import CLineEdit

/// Ctrl-C as a flag that a computation asks for.
///
/// SIGINT, the first and every further one, only sets the flag. ``LineEditor/readLine(prompt:continuationPrompt:)``
/// clears it when it starts, so that what is read next runs unless Ctrl-C is pressed again.
public enum Interrupts {
  /// Takes over SIGINT, unless the parent process asked for it to be ignored. Repeating it does nothing.
  public static func install() { line_edit_install_interrupts() }

  /// Takes over SIGTERM too, which asks to stop from then on, as SIGINT does. For processes that nobody types to.
  public static func installTermination() { line_edit_install_termination() }

  /// Whether SIGTERM has come.
  public static var isTermination: Bool { line_edit_termination_requested() }

  /// Readable from any thread; costs one atomic load.
  public static var isRequested: Bool { line_edit_interrupt_requested() }

  public static func clear() { line_edit_clear_interrupt() }
}
