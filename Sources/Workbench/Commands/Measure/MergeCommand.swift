import ExactText
import Faults
import Language
import Results
import Scripting

struct MergeCommand: BenchCommand {
  let name = "merge"
  let group = CommandGroup.measure
  let summary = "put the shares of one file of rows together"
  let discussion = """
    merge "NAME.*-of-N.EXT" reads the shares NAME.0-of-N.EXT and so on, which `shard=I/N` and `ipsh --shard I/N` write, and writes
    NAME.EXT with all rows, as one process does. Nothing may be missing or there twice, and all must be of one computation; other
    kernels or threads are a warning. The value is the table of the rows; the command that wrote the shares, with file="NAME.EXT"
    and `resume`, gives its own result without computing. `ipsh --gather N SCRIPT` does both for every file of a script.
    """
  let parameters: [Parameter] = [.required("files", .path, "\"NAME.*-of-N.EXT\"")]
  let example = #"""
    load "demo"
    measure sva_obj rows=4 file="rows.jsonl" shard=0/2
    measure sva_obj rows=4 file="rows.jsonl" shard=1/2
    merge "rows.*-of-2.jsonl"
    """#

  func refusal(of argument: Value) -> (any Fault)? {
    argument.table == nil ? nil : RowStoreFault.tableToMerge
  }

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let pattern = arguments.string("files") ?? ""
    guard let match = pattern.wholeMatch(of: #/(.*)\.\*-of-(\d{1,9})((?:\.[^\/.]*)?)/#),
      let count = Int(match.2), count > 0
    else { throw RowStoreFault.noShares(pattern).located(arguments.span(of: "files")) }
    return try bench.session.locating(arguments.span(of: "files")) {
      let merged = try MergedRows(path: String(match.1 + match.3), shares: count) { message in
        bench.session.warn(Diagnostic(.warning, code: "merge-other-computing", message, at: nil))
      }
      return .list(merged.rows.map(Value.record)).tabular
    }
  }
}
