import Values

/// The names that a document's expressions and queries may use, and what stands behind them.
///
/// Asking for a name may make the environment check the block that binds it, so what depends on what is known from
/// what was asked.
public protocol Environment: AnyObject {
  /// What a name is bound to; a name of an imported document is `alias.name`. Nothing when there is no such name.
  func binding(_ name: String) -> Binding?

  /// The one plain value of a term: nothing while it is not known yet.
  ///
  /// - Throws: `EvaluationError` when the term has no single value, or computing it is not possible.
  func value(of term: Term) throws -> Scalar?

  /// What `from` and `join` may read: `events`, dimensions, data blocks and queries.
  func relation(_ name: String) -> Relation?

  /// All names, for finding the nearest one.
  var bindingNames: [String] { get }
  var relationNames: [String] { get }

  /// The sources that a document can name as its own.
  var sourceNames: [String] { get }

  /// What calendar functions and constants are evaluated in.
  var timeZone: TimeZoneRules { get }
}

/// What is known about a name.
public struct Binding: Sendable {
  /// Nothing when the block that binds the name has a mistake, which was reported there.
  public let type: ValueType?

  /// A name that is known, with or without a type.
  public init(type: ValueType?) { self.type = type }
}

/// What a query reads.
public enum Relation: Sendable {
  /// Its block has a mistake, which was reported there.
  case unknown
  /// A plan, and the event names that its log has seen.
  case plan(Plan, eventNames: [String])
}
