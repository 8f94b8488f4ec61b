import Diagnostics
import Values

/// A column that the project file gives a type to.
public struct TypedColumn: Hashable, Sendable {
  /// The dimension that it is a column of; nothing for one of the log.
  public var dimension: String?
  /// As the project file writes it.
  public var name: String

  /// A column of a dimension, or of the log.
  public init(dimension: String? = nil, name: String) {
    self.dimension = dimension
    self.name = name
  }
}

/// The types that the project file gives to columns of files, whatever their values look like.
public struct DeclaredTypes: Hashable, Sendable {
  private let types: [String: ScalarType]

  /// Types by the names of columns, none of them a duration, which files do not hold as a value of its own.
  public init(_ types: [String: ScalarType] = [:]) {
    precondition(!types.values.contains(.duration), "a column of files is not declared to be a duration")
    self.types = types
  }

  private var inOrder: [(name: String, type: ScalarType)] {
    types.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The types of those of the columns that have one, by their place.
  ///
  /// As everywhere, a name stands for the column that is called so, or else for one that differs in case alone.
  func byPosition(in names: [String]) -> [Int: ScalarType] {
    let schema = names.map { Field($0, .text) }
    var found: [Int: ScalarType] = [:]
    for (name, type) in inOrder {
      if let position = schema.position(of: name) { found[position] = type }
    }
    return found
  }

  /// Notes the names that stand for none of the columns.
  func note(_ missing: inout MissingColumns, among columns: [SourceColumn]) {
    let schema = columns.map { Field($0.name, $0.type) }
    for (name, _) in inOrder {
      _ = missing.position(of: name, for: DeclaredTypes.purpose, schema.position(of:))
    }
  }

  /// What the columns are named for, as messages say it.
  static let purpose = "'types'"

  /// The name that stands for the column at a place and gives it a type, if that is the given one.
  func name(of position: Int, in names: [String], saying type: ScalarType) -> String? {
    let schema = names.map { Field($0, .text) }
    return inOrder.last { schema.position(of: $0.name) == position }.flatMap {
      $0.type == type ? $0.name : nil
    }
  }

  /// Counts up when columns of declared types are read in another way than before.
  private static let version = "2"

  /// As they go into a fingerprint; nothing without types.
  var settings: [String] {
    types.isEmpty
      ? [] : ["types", DeclaredTypes.version] + inOrder.flatMap { [$0.name, $0.type.rawValue] }
  }
}
