import Planning

/// What is read of a stage's table, by all of its readers together.
struct Demand {
  /// Nothing for all.
  private(set) var columns: Set<Int>?
  private(set) var rows: Rows

  /// Which rows are read.
  enum Rows {
    /// None as yet.
    case none
    /// Those that come first in an order, equal ones in that of the table.
    case first(FirstRows)
    case all
  }

  /// What nobody reads.
  static let nothing = Demand(columns: [], rows: .none)
  /// What is read as a whole.
  static let everything = Demand(columns: nil, rows: .all)

  /// All rows of some columns; nothing for all columns.
  static func columns(_ columns: Set<Int>?) -> Demand { Demand(columns: columns, rows: .all) }

  /// All columns of the rows that come first.
  static func first(_ rows: FirstRows) -> Demand { Demand(columns: nil, rows: .first(rows)) }

  /// The columns of both, in the rows of both.
  mutating func add(_ other: Demand) {
    columns = other.columns.flatMap { columns?.union($0) }
    rows =
      switch (rows, other.rows) {
      case (.none, let rows), (let rows, .none): rows
      case (.first(let a), .first(let b)) where a.keys == b.keys: .first(a.count < b.count ? b : a)
      default: .all
      }
  }

  /// The rows that are enough, where not all of them are read.
  var firstRows: FirstRows? { if case .first(let rows) = rows { rows } else { nil } }
}

/// The rows that come first in an order.
struct FirstRows {
  let keys: [SortPlan]
  let count: Int
}
