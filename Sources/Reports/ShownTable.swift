import Values

/// The part of a table that is shown, as text.
struct ShownTable {
  /// What stands in a column, which decides how it is set.
  enum ColumnKind { case text, number, time }

  var header: [String]
  var kinds: [ColumnKind]
  var rows: [[ShownValue]]
  /// What tells the rows apart: the values of the first columns that are not doubles if they do, else the
  /// rows' numbers.
  var keys: [String]
  /// How many rows are not shown.
  var hidden: Int

  init(_ table: Table, limit: Int, timeZone: TimeZoneRules) {
    let shown = min(table.count, limit)
    header = table.schema.map(\.name)
    kinds = table.schema.map(\.type.columnKind)
    hidden = table.count - shown
    let columns = zip(table.schema, table.columns).map { field, column in
      let scalars = (0..<shown).map { column[$0] }
      let display = field.display.even(over: scalars)
      return scalars.map { ShownValue($0, display, timeZone: timeZone) }
    }
    rows = (0..<shown).map { row in columns.map { $0[row] } }
    keys = ShownTable.keys(rows, of: table.schema)
  }

  /// How many columns may together tell rows apart.
  private static let longestKey = 3

  private static func keys(_ rows: [[ShownValue]], of schema: Schema) -> [String] {
    let candidates = schema.indices.filter { schema[$0].type != .double }
    for length in 1...longestKey where length <= candidates.count {
      let keys = rows.map { row in candidates[..<length].map { row[$0].machine }.joined(separator: ".") }
      if Set(keys).count == keys.count { return keys }
    }
    return rows.indices.map { String($0 + 1) }
  }
}

extension ScalarType {
  /// Numbers stand at the right of their column, so that digits stand under each other.
  fileprivate var columnKind: ShownTable.ColumnKind {
    switch self {
    case .integer, .double, .duration: .number
    case .timestamp, .date: .time
    case .boolean, .text: .text
    }
  }
}

extension Display {
  /// A wider range of magnitudes than this is not given the same number of decimals.
  private static let widestRange = 1e3

  /// The display of a column without one of its own, so that decimal points stand under each other: as many
  /// decimals as the value needs that needs most, unless the values' magnitudes are far apart.
  fileprivate func even(over scalars: [Scalar]) -> Display {
    guard self == .automatic else { return self }
    var smallest = Double.infinity
    var largest = 0.0
    var decimals = 0
    for case .double(let value) in scalars where value.isFinite && value != 0 {
      smallest = min(smallest, abs(value))
      largest = max(largest, abs(value))
      let text = ValueFormatter.text(.double(value), .automatic, timeZone: .utc)
      decimals = max(decimals, text.split(separator: ".").dropFirst().first?.count ?? 0)
    }
    guard largest > 0, largest / smallest <= Display.widestRange, smallest >= 1e-4, largest < 1e15 else {
      return self
    }
    return .number(decimals: decimals)
  }
}
