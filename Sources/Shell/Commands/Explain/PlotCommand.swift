import Attribution
import Rendering
import Results

struct PlotCommand: Command {
  let name = "plot"
  let group = CommandGroup.explain
  let summary = "draw influence patterns, on the terminal or as SVG or HTML"
  let discussion = """
    Words down the left with their influences, a column of nodes for each layer, edges coloured by sign: dashed for a
    skip connection, solid with its number for a head. For many sentences of one structure the width of an edge is how often
    the patterns take it. Words with less than `hide` of the total influence are left out.
    """
  let parameters: [Parameter] = [
    .required("patterns", .any, "what `patterns` gave"),
    .optional("file", .path, "an .svg or .html file; left out: the drawing is the result"),
    .option("hide", .number, "share of the total influence below which a word is left out; default 0.05"),
  ]
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    let p = patterns(points=10)
    plot p
    plot p "patterns.svg"
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let argument = arguments["patterns"] else { return .null }
    guard case .object(let object) = argument.value, let set = object as? PatternSet else {
      throw ValueFault.wrongType(expected: "patterns", found: argument.value.typeName, what: "`plot`")
        .located(argument.span)
    }
    set.interventions.forEach(interpreter.noteUse)
    let threshold = arguments.number("hide") ?? 0.05
    let figure = Value.figure(.patterns(try PatternDrawing(set, threshold: threshold).plot))
    guard let path = arguments.string("file") else { return figure }
    try FileFormats.save(figure, name: name, to: path)
    interpreter.note("saved \(path)")
    return .null
  }
}
