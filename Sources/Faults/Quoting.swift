/// The text in double quotes, on one line: names in a file may hold any character.
package func quoted(_ text: String) -> String { text.debugDescription }
