import Values

/// What a function may know beside its arguments.
public struct EvaluationContext: Sendable {
  /// The zone of calendar functions.
  public let timeZone: TimeZoneRules

  /// A context whose calendar follows a zone.
  public init(timeZone: TimeZoneRules) { self.timeZone = timeZone }
}

/// Why a value could not be computed: one line, lower case, with the offending value.
public struct EvaluationError: Error, Hashable, Sendable {
  /// What the report shows.
  public var message: String
  /// What can be done about it.
  public var hints: [String]

  /// An error that may say what to do.
  public init(_ message: String, hints: [String] = []) {
    self.message = message
    self.hints = hints
  }
}

/// The values that a kernel is given for one parameter: one for each row, or one that holds for all rows.
public struct Operand: Sendable {
  /// Of the batch's length, or of length 1 when constant.
  public let column: Column
  /// Whether the one value holds for all rows.
  public let isConstant: Bool

  /// A column of the batch's length, or of length 1 when it is constant.
  public init(_ column: Column, isConstant: Bool = false) {
    self.column = column
    self.isConstant = isConstant
  }

  /// One plain value for all rows.
  public init(constant scalar: Scalar, type: ScalarType) {
    column = Column(repeating: scalar, type: type, count: 1)
    isConstant = true
  }

  /// The column with one value for each of so many rows.
  public func expanded(to count: Int) -> Column {
    isConstant ? Column(repeating: column[0], type: column.type, count: count) : column
  }
}

/// Computes a function over a batch: operands of the overload's parameter types, the number of rows, the
/// context. Returns one value for each row. Null rules are the kernel's own business.
public typealias Kernel =
  @Sendable (_ operands: [Operand], _ count: Int, _ context: EvaluationContext) throws -> Column
