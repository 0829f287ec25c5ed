/// A parsed text: statements in order.
public struct Script: Sendable {
  public let source: Source
  public let statements: [Statement]

  public init(source: Source, statements: [Statement]) {
    self.source = source
    self.statements = statements
  }
}

public struct Statement: Sendable {
  public indirect enum Kind: Sendable {
    /// `let name = value`: binds in the scope of the enclosing function or of the session.
    case binding(name: Identifier, value: Expression)
    /// `x[0] = value`, `r.field += value`: changes a part of a variable that is there. The target is a name with the subscripts
    /// and members behind it.
    case assignment(target: Expression, BinaryOperator?, value: Expression)
    /// `verb arguments`: a command written without parentheses.
    case command(Call)
    case expression(Expression)
    /// `for x in xs { ... }`; several names take elements apart that are lists.
    case forLoop(variables: [Identifier], sequence: Expression, body: [Statement])
    case conditional(branches: [Branch], otherwise: [Statement])
    case whileLoop(condition: Expression, body: [Statement])
    case `break`
    case `continue`
    /// `def name(a, b=1) { ... }`
    case function(FunctionSyntax)
    /// Leaves the function; without a value it gives null.
    case `return`(Expression?)
    /// `try { ... } catch name { ... }`; the name is bound to what went wrong.
    case attempt(body: [Statement], name: Identifier?, handler: [Statement])
    /// `with ablate(L3H5) { ... }`: what the expressions do to the network ends with the block.
    case scoped(changes: [Expression], body: [Statement])
  }

  public struct Branch: Sendable {
    public let condition: Expression
    public let body: [Statement]

    public init(condition: Expression, body: [Statement]) {
      self.condition = condition
      self.body = body
    }
  }

  public let kind: Kind
  public let span: Span

  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// A function as it is defined.
public struct FunctionSyntax: Sendable {
  public struct Parameter: Sendable {
    public let name: Identifier
    /// Evaluated at each call that leaves the parameter out; nil for one that must be given.
    public let standard: Expression?

    public init(name: Identifier, standard: Expression?) {
      self.name = name
      self.standard = standard
    }
  }

  public let name: Identifier
  public let parameters: [Parameter]
  public let body: [Statement]
  /// Whether it is an expression `x => x + 1`, whose text is its name then.
  public let isLambda: Bool

  public init(name: Identifier, parameters: [Parameter], body: [Statement], isLambda: Bool = false) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.isLambda = isLambda
  }
}

public struct Identifier: Sendable {
  public let name: String
  public let span: Span

  public init(_ name: String, _ span: Span) {
    self.name = name
    self.span = span
  }
}

/// A call in either form: `verb a b key=value` or `name(a, b, key=value)`.
public struct Call: Sendable {
  public let callee: Identifier
  public let arguments: [Argument]
  public let span: Span

  public init(callee: Identifier, arguments: [Argument], span: Span) {
    self.callee = callee
    self.arguments = arguments
    self.span = span
  }
}

public struct Argument: Sendable {
  /// nil for a positional argument. `load X as b` gives the label `as`.
  public let label: Identifier?
  public let value: Expression

  public init(label: Identifier?, value: Expression) {
    self.label = label
    self.value = value
  }
}

public struct Expression: Sendable {
  public indirect enum Kind: Sendable {
    case null
    case bool(Bool)
    /// The text decides between `3.1` and `3.10` where a head is meant (`span.text`).
    case number(Double)
    case string([StringPart])
    case list([Expression])
    case record([(name: Identifier, value: Expression)])
    case name(String)
    case node(NodeSyntax)
    /// Text to the end of the statement, verbatim, for verbs with an argument language of their own (`qoi`).
    case raw(String)
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    /// `lower..upper` (upper included) or `lower..<upper`.
    case range(Expression, Expression, includesUpper: Bool)
    case subscripted(Expression, [Subscript])
    case member(Expression, Identifier)
    case call(Call)
    /// `a if condition else b`
    case choice(Expression, condition: Expression, otherwise: Expression)
    /// `x => x + 1`: a function whose body returns an expression.
    case lambda(FunctionSyntax)
    case comprehension(Comprehension)
    /// `time EXPRESSION-OR-COMMAND` and similar prefixes hold the inner statement.
    case statement(Statement)
  }

  public let kind: Kind
  public let span: Span
  /// Levels of expressions below and including this one, 1 for a leaf. The parser accepts at most
  /// ``Parser/heightLimit``, so that a walk over the tree may recurse.
  public let height: Int

  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
    height = kind.height
  }
}

public enum StringPart: Sendable {
  case text(String)
  case interpolation(Expression, FormatSyntax?)
}

/// `[element for x in xs for y in ys if condition]`
public struct Comprehension: Sendable {
  public enum Clause: Sendable {
    case each(variables: [Identifier], sequence: Expression)
    case condition(Expression)

    public var expression: Expression {
      switch self {
      case .each(_, let expression), .condition(let expression): expression
      }
    }
  }

  public let element: Expression
  /// Outermost first; the first is no condition.
  public let clauses: [Clause]

  public init(element: Expression, clauses: [Clause]) { (self.element, self.clauses) = (element, clauses) }
}

/// One place in `tensor[a, :, 1..<3]`.
public enum Subscript: Sendable {
  case all(Span)
  case index(Expression)
}

public enum UnaryOperator: String, Sendable {
  case negate = "-"
  case plus = "+"
  case not
}

/// Loosest to tightest: `or`, `and`, comparison, `..` `..<`, `+ -`, `* / % @`, unary `-`, `^`.
public enum BinaryOperator: String, Sendable, CaseIterable {
  case or, and
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case `in`
  case notIn = "not in"
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
  case matrixProduct = "@"
  case power = "^"
}

/// A node or node set, or a tensor of a layer, before its numbers are known:
/// `embed@7`, `L3H5@7`, `L0-5H{1,4}`, `L{l}H*`, `L3.mlp[512]`, `L2.pattern`, `pooled`; or attention edges: `L3H7@7<-2`.
public struct NodeSyntax: Sendable {
  /// nil for `embed`, `pooled`, `logits`.
  public let layers: Selector?
  public let heads: Selector?
  /// The part after the dot (`skip`, `attn`, `mlp`, `pattern`, `resid_post`), or `embed`, `pooled`, `logits`.
  public let component: Identifier?
  /// `[512]` directly after `.mlp`.
  public let neurons: Selector?
  /// After `@`.
  public let positions: Selector?
  /// After `<-`: the positions that those after `@` read.
  public let reads: Selector?

  public init(
    layers: Selector?, heads: Selector?, component: Identifier?, neurons: Selector?,
    positions: Selector?, reads: Selector? = nil
  ) {
    self.layers = layers
    self.heads = heads
    self.component = component
    self.neurons = neurons
    self.positions = positions
    self.reads = reads
  }

  /// Which of several things of one kind.
  public struct Selector: Sendable {
    public enum Kind: Sendable {
      /// `*`
      case all
      /// `3` or `0-5`, both ends included.
      case numbers(ClosedRange<Int>)
      /// `{1, 4}`, `{l}`: expressions that give integers, ranges or lists of them.
      case expressions([Expression])
    }

    public let kind: Kind
    public let span: Span

    public init(_ kind: Kind, _ span: Span) {
      self.kind = kind
      self.span = span
    }
  }
}
