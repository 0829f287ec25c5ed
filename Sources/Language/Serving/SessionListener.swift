import Rendering
import Scripting

/// Who hears what a session says, in the place of standard output and standard error.
package protocol SessionListener: AnyObject {
  /// - Throws: `Console.Closed`, ``Interrupted``.
  func hear(_ result: CommandResult) throws
  func hear(warning: Diagnostic)
  /// A confirmation or timing for a person.
  func hear(note: String)
  /// How much is done and how long the rest will take.
  func hear(progress: String)
}
