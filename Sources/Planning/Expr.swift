import Values

/// A checked expression over the columns of one relation.
public indirect enum Expr: Hashable, Sendable {
  /// The column at a position of the operator's input.
  case column(Int, ScalarType)
  case literal(Scalar, ScalarType)
  /// A function of the catalogue, by name and overload; the arguments are of the overload's parameter types, those
  /// left out are filled in.
  case call(String, overload: Int, [Expr], ScalarType)
  /// The value of the first branch whose condition is true; a branch is computed only for the rows that reach it.
  case conditional([Branch], otherwise: Expr?, ScalarType)
  /// The first argument that is not null; each is computed only for the rows that reach it.
  case coalesce([Expr], ScalarType)
  /// Whether a value equals one of some constants, none of which is null. Null for null, and null instead of false
  /// when `orNull`: the list had a null.
  case isIn(Expr, [Scalar], orNull: Bool)

  /// One `when … then …`.
  public struct Branch: Hashable, Sendable {
    /// Of type boolean; null counts as false.
    public let condition: Expr
    /// Of the conditional's type.
    public let value: Expr

    /// A value that is taken where a condition is true and no earlier one was.
    public init(condition: Expr, value: Expr) {
      self.condition = condition
      self.value = value
    }
  }

  /// The type of every value that is not null.
  public var type: ScalarType {
    switch self {
    case .column(_, let type), .literal(_, let type), .call(_, _, _, let type), .conditional(_, _, let type),
      .coalesce(_, let type):
      type
    case .isIn: .boolean
    }
  }

  /// The positions of the columns that the expression reads.
  public var columns: Set<Int> {
    switch self {
    case .column(let position, _): [position]
    case .literal: []
    case .call(_, _, let arguments, _), .coalesce(let arguments, _):
      arguments.reduce(into: []) { $0.formUnion($1.columns) }
    case .conditional(let branches, let otherwise, _):
      branches.reduce(into: otherwise?.columns ?? []) {
        $0.formUnion($1.condition.columns)
        $0.formUnion($1.value.columns)
      }
    case .isIn(let expression, _, _): expression.columns
    }
  }

  /// The type of each column that the expression uses.
  public var columnTypes: [Int: ScalarType] {
    switch self {
    case .column(let position, let type): [position: type]
    case .literal: [:]
    case .call(_, _, let arguments, _), .coalesce(let arguments, _): Expr.columnTypes(of: arguments)
    case .conditional(let branches, let otherwise, _):
      Expr.columnTypes(of: branches.flatMap { [$0.condition, $0.value] } + (otherwise.map { [$0] } ?? []))
    case .isIn(let expression, _, _): expression.columnTypes
    }
  }

  /// The type of each column that some expressions use.
  public static func columnTypes(of expressions: [Expr]) -> [Int: ScalarType] {
    expressions.reduce(into: [:]) { $0.merge($1.columnTypes) { first, _ in first } }
  }
}

/// An expression and the field that it becomes.
public struct NamedExpr: Hashable, Sendable {
  /// The column's name, type and format in the output.
  public let field: Field
  /// Over the input's columns, of the field's type.
  public let expression: Expr

  /// A computed column under its name.
  public init(_ field: Field, _ expression: Expr) {
    self.field = field
    self.expression = expression
  }
}

/// One use of an aggregate, and the field that it becomes.
public struct AggregateCall: Hashable, Sendable {
  /// The column's name, type and format in the output.
  public let field: Field
  /// A name of the catalogue, and which of its overloads.
  public let function: String
  /// The position in the function's list of overloads.
  public let overload: Int
  /// Over the input's columns, one for each parameter of the overload; empty for `count(*)`.
  public let arguments: [Expr]
  /// Equal arguments count once for each group.
  public let isDistinct: Bool
  /// Only rows for which this is true are taken.
  public let filter: Expr?

  /// Every row counts, unless it is asked for distinct arguments or a filter.
  public init(
    field: Field, function: String, overload: Int, arguments: [Expr], isDistinct: Bool = false,
    filter: Expr? = nil
  ) {
    self.field = field
    self.function = function
    self.overload = overload
    self.arguments = arguments
    self.isDistinct = isDistinct
    self.filter = filter
  }
}

/// The rows of the same entity that an aggregate sees from a row.
public struct EventWindow: Hashable, Sendable {
  /// Which rows, before the reach cuts some off.
  public enum Kind: String, Hashable, Sendable {
    /// Rows with an earlier time.
    case prior
    /// Rows with a later time.
    case later
    /// All rows of the entity.
    case lifetime
  }

  /// Relative to the row whose value is computed.
  public let kind: Kind
  /// In microseconds: `prior` takes times from `time - reach` on, `later` times before `time + reach`.
  public let reach: Int64?
  /// Whether rows of the row's own time, itself among them, are in the window; without it times compare strictly.
  public let isInclusive: Bool

  /// A `reach` of nothing is unbounded.
  public init(kind: Kind, reach: Int64?, isInclusive: Bool = false) {
    self.kind = kind
    self.reach = reach
    self.isInclusive = isInclusive
  }
}

/// A value for each row of a log, made of other rows of its entity.
public enum WindowCall: Hashable, Sendable {
  /// An aggregate of the rows of a window; its filter is over these rows.
  case aggregate(AggregateCall, over: EventWindow)
  /// The value of an expression over the input's columns at the row so many places on in the order (entity, time,
  /// sequence), or before for a negative offset; null where the entity has no such row.
  case neighbour(Field, Expr, offset: Int64)

  /// The column's name, type and format in the output.
  public var field: Field {
    switch self {
    case .aggregate(let call, over: _): call.field
    case .neighbour(let field, _, offset: _): field
    }
  }
}
