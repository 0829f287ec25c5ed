/// A page of help that belongs to no single command.
package struct HelpTopic: Sendable {
  package let name: String
  package let summary: String
  package let text: String

  package init(name: String, summary: String, text: String) {
    (self.name, self.summary, self.text) = (name, summary, text)
  }

  static let ofLanguage: [HelpTopic] = [
    HelpTopic(
      name: "language", summary: "statements, and operators by precedence, on one screen",
      text: """
        One statement a line; ; separates, # begins a comment; in ( [ { lines go on.
          let x = 1          x += 1   xs[0] = 5   r.field = 1   t.column[2] = 0
          text "a [MASK] ."  a verb; the same in an expression: forward("a [MASK] .")
          if x > 2 { ... } else if x < 0 { ... } else { ... }  while x < 9 { x += 1 }
          for x in xs { ... }   for key, value in record { ... }   break   continue
          def f(a, b=2) { return a + b }     with ablate(L3H5) { forward }
          try { ... } catch e { print e.message }   assert x > 2, "small"   warn "..."
        Operators, loosest first; those of a line bind alike (`help syntax`: more):
          x => x + 1    (a, b) => a + b    a function
          a if condition else b            a choice
          or
          and
          not
          == != < <= > >= in, not in       one at a time: a < b and b < c
          .. ..<                           a range, with its end or without
          + -
          * / % @                          @, between blanks, multiplies matrices
          -x +x
          ^                                from the right
          f(x)  t[1, :, 3..5]  r.field
        As an argument `a -b` is two values, `a - b` one. _ is the last result.
        """),
    HelpTopic(
      name: "syntax", summary: "values, formats in strings, parts of variables, what names mean in functions",
      text: """
        Values: number, string, true, false, null, [list], {name: record}, range 0..<3 and 0..2 (end included), tensor, function,
        node set, model, text, task, pattern set, measurement, sweep, table, figure. ARGV are the script's arguments.
        Strings: "layer {l}" takes an {interpolation} in; r"raw" has none; escapes \\" \\\\ \\n \\r \\t \\0 \\{ \\u{1F600}.
          "{x:.2f}" "{p:.1%}" "{x:.3g}" "{x:e}" "{n:5d}" "{n:,d}" "{s:>10}" "{s:<10}" "{s:^10}" "{x:+08.3f}": formats as in
          Python; a list is shown element by element.
        Lists: [1, 2]; [x * 2 for x in xs if x > 1], also with several `for`; xs[0], xs[-1], xs[1..2]; `x in xs`.
        Parts of a variable are changed by xs[0] = 5, r.field = 1, r["a b"] = 1, t[0, :] = 1, table.column = [1, 2],
        table[0].column = 1, and += -= *= /=. Values are values: what was made from one before does not change.
        Tables: help read, filter, where, sort, with_column, join, pivot, unpivot, group, columns, concat.
        Arithmetic and comparison of tensors go element by element and broadcast as in NumPy. t[1, :, 3..5] indexes and slices
        (negative from the end), also lists, strings, rows; r.field reads a field.
        A function x => x + k keeps what the names in it are when it is made; what it calls is looked up when it runs. It stands
        where map, filter, sort by=, with_column take a function. What `def` defines reads the session's variables, and what is
        bound in it, and its parameters, are its own: it cannot change a variable of the session.
        In a function verbs print their results, expressions do not. Blocks have no scope of their own, lists of [x for x in xs]
        have.
        A command or block (for, while, if, with, try) that fails or is interrupted leaves nothing behind but the lines
        and files it has written; what a `try` catches leaves what the commands before it have done.
        What an interrupted command has finished is shown, marked `partial`; it binds nothing and is not recorded.
        Strings compare, sort and are searched by their Unicode scalars, as in Python: "\\u{E9}" == "e\\u{301}" is false, and
        two such keys of a record or names of tensors are two. They are counted and indexed by characters as readers do.
        A file or a model needs no quotes behind a verb: load ~/models/bert, read data/x.json, save p p.json. A word with more than
        letters, digits and _ is the path itself, unless it is a field of a variable (r.path) or goes on (folder + "x.npy"); a
        plain name is a variable. In the parentheses of a call paths stand in quotes. ~/ is the home folder in both.
        A piece of a word such as ##s is no comment in a quantity, directly behind a verb and behind `key=`.
        """),
    HelpTopic(
      name: "scripts", summary: "running scripts, and exit codes",
      text: """
        ipsh FILE.ipscript [ARG...]   ipsh -c TEXT   ipsh < FILE   a first line #!/usr/bin/env ipsh
        ipsh --serve answers requests of another program, objects of JSON, one a line; ipsh jupyter install: in a notebook
        --format json prints one object a line for each result; --echo prints each command before its result.
        With --format json each error or warning is an object as well, one a line on standard error:
          {"error": {"code": "head-range", "message": "...", "file": "a.ipscript", "line": 3, "column": 8, "notes": []}}
        ("warning" for warnings; file, line and column are null without a place; "calls" and "included_from" list the
        places that led there, where there are some). Notes and timings stay text; -q leaves them out.
        Of several -c texts messages name the second `-c 2`.
        ipsh --check FILE finds what is wrong without computing: names, options, heads, layers, positions, words, shapes,
        fields. It follows loops, functions and ARGV as a run would: what is not reached is not judged; where computed
        numbers or contents of files decide, each way is. What is wrong in a function that nothing calls is a warning.
        If nothing is wrong, it prints for each command that runs the network how often it runs (from loops and calls of
        functions), how many sequences go through the network in a run, the time of all runs on this machine and the
        memory of the process; what only a run knows is `not known`, or makes a time `at least` so much.
        Exit codes: 0 all ran; 1 a command failed; 2 usage or parse error, nothing ran;
        3 --verify found a difference; 130 interrupted.
        """),
    HelpTopic(
      name: "replay", summary: "recording, expectations, and scripts that make a result again",
      text: """
        record FILE               every command that succeeds goes to FILE at once; `results` adds expectations
        save script p FILE        only the commands that the value of p depends on, and a line that shows it
        history, reset            the commands so far; a fresh session
        Lines `#=> ...` directly below a command (below the end of a block) are what it shows:
          print 1 / 3
          #=> 0.3333333333333333
        ipsh --verify FILE [ARG...]  runs the script in a fresh session and compares: text must be equal, numbers within
                                  `set tolerance` (relative, default 1e-4) plus 1e-6 of the largest number of the
                                  result, between 1e-6 and 1e-4; whole numbers must be equal, and what is rounded to the digits
                                  of `set precision`, in drawings to three or two, may be its neighbour in the last.
                                  Differences on standard output, exit code 3; 1 when a command fails
        ipsh --bless FILE [ARG...]  puts what is shown in the place of expectations that differ; a file whose commands
                                  fail stays as it is. --bless-all gives every command that shows something one
        Both refuse a `#=>` line that belongs to no command of the top level: behind an empty line or a comment, or inside
        a statement. Those of a sourced script are not compared with it; verify that script itself. Sweeps and experiments
        compute every row, and their file= is neither read nor written. A run without --verify that takes rows over from
        a file warns how many.
        Results are compared as tables of 100 columns without colours, whatever the format is set to. Run otherwise,
        expectations are comments. Lines `# ipsh: version=... kernels=... threads=...` and `# ipsh: model=...
        fingerprint=...` say what results depend on; a script that has them warns where something differs.
        With the same kernels and threads a script gives the same bytes.
        """),
    HelpTopic(
      name: "editing", summary: "editing the command line",
      text: """
        Tab completes commands, functions, options and what they may be, variables and their fields, nodes (also in quotes,
        behind -> and as blocks.3.), positions behind @, tasks, models, files and, after qoi and baseline, words of the vocabulary.
        Up and Down walk the history; behind a few letters, the commands that begin with them. Ctrl-R shows what of it has the
        words that are typed: Ctrl-R and Ctrl-S or the arrows choose, Enter runs it, Tab takes it, Escape gives up.
        An open ( [ { goes on in the next line. Ctrl-L or `clear` clears the screen; `undo` takes back what a command changed.
        exit, :q and \\q leave, forward? and ?forward are `help forward`; other habits get the line that works here.
        Ctrl-C clears the line or stops a running command; Ctrl-D leaves; Ctrl-Z suspends.
        What is taller than the terminal is shown through $PAGER, or `less` where that is not set: q or Ctrl-C leaves it.
        `set pager off`, or an empty PAGER, prints it instead.
        Emacs keys by default; `bind -v` in ~/.editrc for vi.
        """),
  ]
}
