import ADBC
import Diagnostics

/// Why a source's events cannot be had: its files, their content or the machine refuse.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One line, lower case, that names the file where there is one.
  public var message: String
  /// What can be done, one sentence each.
  public var hints: [String]
  /// The column under `types` that it is about, if it is about one.
  public var typedColumn: TypedColumn?

  /// An error with things to do.
  public init(_ message: String, hints: [String] = [], about typedColumn: TypedColumn? = nil) {
    self.message = message
    self.hints = hints
    self.typedColumn = typedColumn
  }

  /// An error of the database's, about a source as a whole.
  init(_ error: DatabaseError, reading name: String) {
    self.init("'\(name)' cannot be read: \(error.message)", hints: error.hints)
  }

  /// What a description names and files do not have.
  init(_ missing: MissingColumns) {
    self.init(
      missing.message, hints: missing.hints,
      about: missing.first(ifAllFor: DeclaredTypes.purpose).map { TypedColumn(name: $0) })
  }

  /// The same error, of the file of a dimension.
  func of(dimension: String) -> StoreError {
    var error = self
    error.typedColumn?.dimension = dimension
    return error
  }

  /// Throws where rows are too many to be numbered.
  static func requireNumbers(forRows count: Int) throws(StoreError) {
    if count > UInt32.max { throw StoreError("a source has \(UInt32.max) rows at the most") }
  }

  /// The message alone.
  public var description: String { message }
}

/// Something to tell while a store is opened.
public struct StoreNotice: Hashable, Sendable {
  /// How much a notice weighs.
  public enum Level: Hashable, Sendable { case progress, warning }

  /// Progress passes; a warning is worth keeping.
  public var level: Level
  /// One line, lower case.
  public var message: String

  init(_ level: Level, _ message: String) {
    self.level = level
    self.message = message
  }
}
