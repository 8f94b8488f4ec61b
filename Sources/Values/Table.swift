/// A column's name and type, and how its values are shown.
public struct Field: Hashable, Sendable, Codable {
  /// Unique in its schema, without regard to case.
  public var name: String
  /// The type of every value that is not null.
  public var type: ScalarType
  /// How values are written where nothing else is said.
  public var display: Display

  /// A name with its type, shown in the type's own way unless said otherwise.
  public init(_ name: String, _ type: ScalarType, display: Display = .automatic) {
    self.name = name
    self.type = type
    self.display = display
  }
}

/// The columns of a relation, in order. Names are unique without regard to case.
public typealias Schema = [Field]

extension Schema {
  /// The position of a column by its name, without regard to case.
  public func position(of name: String) -> Int? {
    firstIndex { $0.name == name } ?? firstIndex { $0.name.lowercased() == name.lowercased() }
  }
}

/// Rows and columns that a query gave.
public struct Table: Sendable {
  /// What made the table; a figure can be drawn of some kinds without saying how.
  public enum Kind: String, Hashable, Sendable, Codable {
    case rows, activity, attribution, funnel, lifecycle, paths, retention
  }

  /// One field for each column, in the same order.
  public var schema: Schema
  /// Equally long.
  public var columns: [Column]
  /// How many rows there are, also where there are no columns.
  public var count: Int
  /// Lets `plot` know what the columns mean.
  public var kind: Kind

  /// The number of rows follows from the first column unless it is given.
  public init(schema: Schema, columns: [Column], count: Int? = nil, kind: Kind = .rows) {
    precondition(schema.count == columns.count, "a table has one field for each column")
    self.schema = schema
    self.columns = columns
    self.count = count ?? columns.first?.count ?? 0
    self.kind = kind
  }

  /// A column by its name, without regard to case.
  public func column(_ name: String) -> Column? { schema.position(of: name).map { columns[$0] } }

  /// The rows at the given positions, in that order.
  public func gathered(_ positions: [Int32]) -> Table {
    Table(
      schema: schema, columns: columns.map { $0.gathered(positions) }, count: positions.count, kind: kind)
  }

  /// The values of a row.
  public func row(_ index: Int) -> [Scalar] { columns.map { $0[index] } }
}
