import Diagnostics

/// A word that names something, and where it stands.
public struct Identifier: Hashable, Sendable {
  /// The word as written, without the backticks of a quoted one.
  public let name: String
  /// Of the word, backticks included.
  public let range: SourceRange
  /// What it stands in.
  public let quotes: Quotes

  /// The quotes that a name may have. Double ones are those of texts in most other languages.
  public enum Quotes: Hashable, Sendable { case none, backticks, double }

  /// A word at a place.
  public init(_ name: String, _ range: SourceRange, quotes: Quotes = .none) {
    self.name = name
    self.range = range
    self.quotes = quotes
  }
}

/// An expression as it was written. What could not be parsed is `.error`, for which a diagnostic was given.
public struct Expression: Hashable, Sendable {
  /// What was written, with its parts.
  public let kind: Kind
  /// From the first to the last character of the expression, with the parentheses around it.
  public let range: SourceRange
  /// How many expressions lie inside one another here, at least 1; the parser keeps it to
  /// `Parser.maximumDepth`.
  public let depth: Int

  /// The depth follows from the parts.
  public init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
    depth = 1 + (kind.children.lazy.map(\.depth).max() ?? 0)
  }

  /// The expressions directly inside this one, in the order they are written in.
  public var children: [Expression] { kind.children }

  /// The forms that an expression can have.
  public indirect enum Kind: Hashable, Sendable {
    case error
    case null
    case boolean(Bool)
    case integer(Int64)
    case double(Double)
    /// `5%`: the number 0.05.
    case percentage(Double)
    case text(String)
    /// `14 days`, in microseconds.
    case duration(Int64)
    /// `date '2026-03-01'` and `timestamp '2026-03-01 12:00:00'`: the type's word and the text.
    case typedText(Identifier, String)
    case name(Identifier)
    /// `table.column`, `record.field`, `alias.name`.
    case member(Expression, Identifier)
    /// `table[condition]`.
    case rows(Expression, Expression)
    case unary(UnaryOperator, Expression)
    /// The range is the operator's own.
    case binary(BinaryOperator, SourceRange, Expression, Expression)
    case isNull(Expression, isNegated: Bool)
    case isIn(Expression, [Expression], isNegated: Bool)
    case isBetween(Expression, Expression, Expression, isNegated: Bool)
    case isLike(Expression, Expression, isNegated: Bool)
    case conditional(operand: Expression?, [Branch], otherwise: Expression?)
    /// `cast(x as type)` and `try_cast(x as type)`.
    case cast(Expression, Identifier, isTry: Bool)
    case call(Call)
  }

  /// One `when … then …`.
  public struct Branch: Hashable, Sendable {
    /// Compared with the operand where the case has one, otherwise true or not by itself.
    public let condition: Expression
    /// What stands after `then`.
    public let value: Expression

    /// A condition and what it leads to.
    public init(condition: Expression, value: Expression) {
      self.condition = condition
      self.value = value
    }
  }
}

/// Operators before an operand; the raw value is what is written.
public enum UnaryOperator: String, Hashable, Sendable {
  case negate = "-"
  case plus = "+"
  case not
}

/// Operators between operands; the raw value is what is written and what the catalogue calls the function.
public enum BinaryOperator: String, Hashable, Sendable, CaseIterable {
  case or, and
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case isDistinctFrom = "is distinct from"
  case isNotDistinctFrom = "is not distinct from"
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  /// Integer remainder.
  case remainder = "%"
  case concatenate = "||"
}

/// A function call with what may follow it.
public struct Call: Hashable, Sendable {
  /// The name before the parenthesis, in the writer's case.
  public let function: Identifier
  /// In the order they are written in, labelled or not.
  public let arguments: [Argument]
  /// `count(*)`.
  public let isStar: Bool
  /// `count(distinct x)`.
  public let isDistinct: Bool
  /// `filter (where …)`.
  public let filter: Expression?
  /// What stands after `over`; nothing for a plain call.
  public let window: Window?

  /// A call with nothing after it unless said otherwise.
  public init(
    function: Identifier, arguments: [Argument], isStar: Bool = false, isDistinct: Bool = false,
    filter: Expression? = nil, window: Window? = nil
  ) {
    self.function = function
    self.arguments = arguments
    self.isStar = isStar
    self.isDistinct = isDistinct
    self.filter = filter
    self.window = window
  }

  /// One argument; `label` is the name before `=>`.
  public struct Argument: Hashable, Sendable {
    /// Nothing for an argument that is known by its position.
    public let label: Identifier?
    /// The expression after the label.
    public let value: Expression

    /// An argument with or without a label.
    public init(label: Identifier?, value: Expression) {
      self.label = label
      self.value = value
    }
  }

  /// `over prior`, `over (later 14 days)`, `over (prior 30 days inclusive)`.
  public struct Window: Hashable, Sendable {
    /// The word that says which rows of the entity.
    public enum Kind: String, Hashable, Sendable, CaseIterable { case prior, later, lifetime }

    /// Before the row, after it, or all.
    public let kind: Kind
    /// How far it reaches: a duration, or the name of one; nothing when it is not bounded.
    public let reach: Expression?
    /// Whether the word says that rows of the row's own time belong to it.
    public let isInclusive: Bool
    /// From `over` to the end of the window.
    public let range: SourceRange

    /// A window as it was written.
    public init(kind: Kind, reach: Expression?, isInclusive: Bool = false, range: SourceRange) {
      self.kind = kind
      self.reach = reach
      self.isInclusive = isInclusive
      self.range = range
    }
  }
}
