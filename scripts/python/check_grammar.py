"""An independent engine reads the TextMate grammar and tells the parts of a script apart."""

import json
import logging
import subprocess

from textmate_grammar.parsers.base import LanguageParser

SCRIPT = r'''text "a {layers + 1} \n b" # remark
qoi is - ##s # remark
let p = patterns(points=10)
ablate L3H5@7<-2 by=zero
set threads 2
#=> expected
for l in 0..<3 { print l; forward top=5 }
print r"raw {x}" mean([1, 2.5]) p.text embed@7 true and not
'''

EXPECTED = {
    (0, "text"): "support.function.command", (0, "layers"): "meta.interpolation", (0, r"\n"): "constant.character.escape",
    (0, "# remark"): "comment.line", (1, "qoi"): "support.function.command", (1, "##s"): "string.unquoted.piece",
    (1, "# remark"): "comment.line", (2, "let"): "keyword.control", (2, "p"): "entity.name.variable",
    (2, "patterns"): "support.function.command", (2, "points"): "variable.parameter.option", (2, "10"): "constant.numeric",
    (3, "L3H5@7<-2"): "constant.other.node", (3, "by"): "variable.parameter.option", (4, "threads"): "support.type.setting",
    (5, "#=> expected"): "meta.preprocessor.expectation", (6, "for"): "keyword.control", (6, "in"): "keyword.operator",
    (6, "print"): "support.function.command", (6, "forward"): "support.function.command",
    (7, 'r"raw {x}"'): "string.quoted.other.raw", (7, "mean"): "support.function", (7, "text"): "variable.other.member",
    (7, "embed@7"): "constant.other.node", (7, "true"): "constant.language", (7, "not"): "keyword.operator",
}  # fmt: skip

logging.disable(logging.CRITICAL)
grammar = json.loads(subprocess.check_output(["ipsh", "--editor-syntax", "textmate"]))
parts = LanguageParser(grammar).parse_string(SCRIPT).flatten()
found = {(line, text.strip()): scopes for (line, _), text, scopes in parts}
for (line, text), scope in EXPECTED.items():
    scopes = next((scopes for (place, part), scopes in found.items() if place == line and (part == text or text in part and scope == "meta.interpolation")), None)
    assert scopes and any(name.startswith(scope) for name in scopes), (line, text, scope, scopes)
print("passed: parts of", len(EXPECTED), "kinds")
