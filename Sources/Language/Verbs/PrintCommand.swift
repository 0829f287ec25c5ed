import Results

struct PrintCommand: LanguageCommand {
  let name = "print"
  let group = CommandGroup.language
  let summary = "print values on one line"
  let parameters: [Parameter] = [.rest("value", .any, "any values")]
  let example = #"""
    let layer = 3
    print "layer {layer}" 1 / 3 [1, 2]
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let values = arguments.all("value").map(\.value)
    if values.count == 1, let only = values.first { return only }
    return .string(try values.map(interpreter.displayText).interruptibleJoined(separator: " "))
  }
}
