/// A syntax file for Vim. Names that are verbs only where a statement begins are told by what stands before or behind them,
/// so all of them are matches: a keyword of Vim would win against every match.
struct VimSyntax {
  private let words: SyntaxWords

  init(_ words: SyntaxWords) { self.words = words }

  /// Where a statement begins, as a condition on what stands before.
  private static let start = #"\%(\%(^\|[;{]\|\<time\)\s*\)\@<=\<"#
  private static let selector = #"\%(\*\|\d\+\%(-\d\+\)\?\|{[^}]*}\)"#

  private static let node =
    #"\<L\#(selector)\%(H\#(selector)\)\?\%(\.\a\w*\)\?\%(\[[^]]*\]\)\?\%(@\#(selector)\%(<-\#(selector)\)\?\)\?"#
    + #"\|\<\%(embed\|pooled\|logits\|class_logits\)@\#(selector)"#

  var text: String {
    """
    " Vim syntax file of ipsh scripts; made by ipsh \(Release.version): ipsh --editor-syntax vim
    if exists("b:current_syntax")
      finish
    endif
    syntax case match

    syntax match ipscriptNumber /\\<\\%(0x\\x\\+\\|\\d[0-9_]*\\%(\\.\\d\\+\\)\\?\\%([eE][-+]\\?\\d\\+\\)\\?\\)\\>/
    syntax match ipscriptFunction /\\<\(any(words.functions))\\ze(/
    syntax match ipscriptCommand /\\<\(any(words.verbs + words.rawVerbs))\\ze(/
    syntax match ipscriptCommand /\(Self.start)\(any(words.verbs))\\>/
    syntax match ipscriptOption /\\<\(any(words.options))\\ze=\\%([^=]\\|$\\)/
    syntax match ipscriptSetting /\\%(\\<set\\s\\+\\)\\@<=\\<\(any(words.settings))\\>/
    syntax match ipscriptStatement /\\<\(any(words.statements))\\>/
    syntax match ipscriptOperator /\\<\(any(words.operators))\\>/
    syntax match ipscriptConstant /\\<\(any(words.constants))\\>/
    syntax match ipscriptName /\\%(\\<\\%(let\\|def\\)\\s\\+\\)\\@<=\\w\\+/
    syntax match ipscriptField /\\.\\@<=\\a\\w*/
    syntax match ipscriptNode /\(Self.node)/

    syntax region ipscriptString start=/"/ skip=/\\\\./ end=/"/ oneline contains=ipscriptEscape,ipscriptInterpolation
    syntax region ipscriptRawString start=/\\<r"/ end=/"/ oneline
    syntax match ipscriptEscape /\\\\\\%(["\\\\nrt0{]\\|u{\\x\\{1,6}}\\)/ contained
    syntax region ipscriptInterpolation matchgroup=ipscriptEscape start=/{/ end=/}/ oneline contained contains=TOP

    syntax match ipscriptComment /#.*/
    syntax match ipscriptExpectation /^\\s*#=>.*/

    syntax region ipscriptText matchgroup=ipscriptCommand start=/\(Self.start)\(any(words.rawVerbs))\\>(\\@!/ end=/$\\|\\ze;/ \
    oneline contains=ipscriptString,ipscriptOption,ipscriptNumber,ipscriptPiece,ipscriptRemark
    syntax match ipscriptPiece /##[^#[:blank:]]\\S*/ contained
    syntax match ipscriptRemark /\\s\\@<=#\\%(#[^#[:blank:]]\\)\\@!.*/ contained

    highlight default link ipscriptNumber Number
    highlight default link ipscriptFunction Function
    highlight default link ipscriptCommand Function
    highlight default link ipscriptOption Type
    highlight default link ipscriptSetting Type
    highlight default link ipscriptStatement Statement
    highlight default link ipscriptOperator Operator
    highlight default link ipscriptConstant Constant
    highlight default link ipscriptName Identifier
    highlight default link ipscriptNode Special
    highlight default link ipscriptString String
    highlight default link ipscriptRawString String
    highlight default link ipscriptEscape SpecialChar
    highlight default link ipscriptComment Comment
    highlight default link ipscriptRemark Comment
    highlight default link ipscriptExpectation PreProc
    highlight default link ipscriptPiece String

    let b:current_syntax = "ipscript"

    """
  }

  private func any(_ words: [String]) -> String { "\\%(\(words.joined(separator: "\\|"))\\)" }
}
