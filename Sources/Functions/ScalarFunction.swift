import Values

/// What functions are grouped by in the manual.
public enum FunctionFamily: String, Hashable, Sendable, CaseIterable {
  case arithmetic, comparison, logic, conditional, text, regularExpressions = "regular expressions"
  case time = "dates and times", conversion, aggregate, lookUp = "look-ups", statistics
}

/// One named parameter of a function.
public struct Parameter: Hashable, Sendable {
  /// What an argument must be beside its type.
  public enum Demand: Hashable, Sendable {
    case nothing
    /// One value for all rows.
    case constant
    /// A constant text, one of these without regard to case; it may decide which overload is meant.
    case word([String])
  }

  /// What a named argument is called.
  public let name: String
  /// What arguments are converted to.
  public let type: ScalarType
  /// A rule for the argument beside its type.
  public let demand: Demand
  /// The value of a parameter that may be left out.
  public let fallback: Scalar?

  /// A parameter that takes any value of a type unless more is said.
  public init(
    _ name: String, _ type: ScalarType, _ demand: Demand = .nothing, default fallback: Scalar? = nil
  ) {
    self.name = name
    self.type = type
    self.demand = demand
    self.fallback = fallback
  }
}

/// An example that runs: an expression of the language, and its value as `ValueFormatter.machine` writes it,
/// in UTC.
public struct Example: Hashable, Sendable {
  /// A column that an aggregate's example is computed over.
  public struct Input: Hashable, Sendable {
    /// The name that the example uses.
    public let name: String
    /// The type of all values that are not null.
    public let type: ScalarType
    /// One for each row.
    public let values: [Scalar]

    /// A column of plain values.
    public init(_ name: String, _ type: ScalarType, _ values: [Scalar]) {
      self.name = name
      self.type = type
      self.values = values
    }
  }

  /// In the language of documents.
  public let expression: String
  /// The empty text for null.
  public let result: String
  /// The table that the columns' names in an aggregate's example stand for; empty for functions of plain
  /// values.
  public let input: [Input]

  /// An expression and its result, over no columns by default.
  public init(_ expression: String, _ result: String, over input: [Input] = []) {
    self.expression = expression
    self.result = result
    self.input = input
  }
}

/// How the result of a function is shown, by how its arguments are.
public enum DisplayRule: Hashable, Sendable {
  case automatic
  /// Without separators, as years and other numbers that count nothing.
  case plain
  /// As the argument at this position.
  case argument(Int)
}

/// A function of plain values, applied row by row.
public struct ScalarFunction: Sendable {
  /// One list of parameter types that the function takes.
  public struct Overload: Sendable {
    /// In the order of unnamed arguments.
    public let parameters: [Parameter]
    /// Whether the last parameter may be repeated.
    public let isVariadic: Bool
    /// The empty text for null.
    public let result: ScalarType
    /// The same in SQL; nothing where SQL has not the same answer.
    public let sql: SQLTemplate?
    /// Computes a batch of operands of these types.
    public let kernel: Kernel

    /// One list of types with its kernel.
    public init(
      _ parameters: [Parameter], isVariadic: Bool = false, result: ScalarType, sql: SQLTemplate? = nil,
      kernel: @escaping Kernel
    ) {
      self.parameters = parameters
      self.isVariadic = isVariadic
      self.result = result
      self.sql = sql
      self.kernel = kernel
    }
  }

  /// Lower case; an operator's own spelling for operators, such as `+` or `and`; `unary -` for negation.
  public let name: String
  /// Where the manual lists it.
  public let family: FunctionFamily
  /// One sentence for the manual, with the null rule where it matters.
  public let summary: String
  /// The first of several that fit equally well is meant.
  public let overloads: [Overload]
  /// How results are shown.
  public let display: DisplayRule
  /// At least one.
  public let examples: [Example]

  /// Whether there may be a value where an argument is null; of all other functions it is null then.
  public var takesNull: Bool { ScalarFunction.nullTakers.contains(name) }

  private static let nullTakers: Set<String> = [
    "and", "or", "is null", "is not null", "is distinct from", "is not distinct from", "if", "coalesce",
    "ifnull",
    "nullif", "greatest", "least", "concat",
  ]

  /// An entry as it stands in the catalogue.
  public init(
    _ name: String, _ family: FunctionFamily, _ summary: String, _ overloads: [Overload],
    display: DisplayRule = .automatic, examples: [Example]
  ) {
    self.name = name
    self.family = family
    self.summary = summary
    self.overloads = overloads
    self.display = display
    self.examples = examples
  }
}
