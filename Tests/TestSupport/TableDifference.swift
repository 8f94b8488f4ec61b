import Values

/// Where two tables differ.
public enum TableDifference {
  /// The first difference; doubles that are equal but for rounding do not differ, nor do those that are nothing but
  /// what rounding has left of a difference.
  public static func first(_ found: Table, _ expected: Table) -> String? {
    if found.count != expected.count { return "\(found.count) rows for \(expected.count)" }
    for row in 0..<found.count {
      for column in expected.columns.indices
      where !areEqual(found.columns[column][row], expected.columns[column][row]) {
        let (a, b) = (found.columns[column][row], expected.columns[column][row])
        return "row \(row), \(expected.schema[column].name): \(a) for \(b)"
      }
    }
    return nil
  }

  private static func areEqual(_ a: Scalar, _ b: Scalar) -> Bool {
    guard case .double(let x) = a, case .double(let y) = b else { return a == b }
    return x == y || x.isNaN && y.isNaN || abs(x - y) <= max(1e-12 * max(abs(x), abs(y)), 1e-15)
  }
}
