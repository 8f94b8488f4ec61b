import Values

extension EventLog {
  /// The names of the events that have a value of a column; nothing where that is not known, as it is of columns that
  /// most events have.
  public func names(withValuesOf column: Int) -> [String]? {
    guard let counts = valuesByName[column], let names = columns[eventPosition]?.dictionary else {
      return nil
    }
    return counts.keys.sorted().map { names.text($0) }
  }

  /// How many events of the name with a code have a value of a column; nothing where that is not known.
  public func valueCount(ofColumn column: Int, named code: Int) -> Int? {
    valuesByName[column].map { $0[code, default: 0] }
  }

  /// How many values events of each name have of a column, by code; nothing where events without a name have one.
  func countedByName(_ column: StoredColumn) -> [Int: Int]? {
    guard let names = columns[eventPosition], let dictionary = names.dictionary else { return nil }
    var counts = [Int](repeating: 0, count: dictionary.count)
    for first in stride(from: 0, to: rowCount, by: 1 << 16) {
      let rows = first..<min(first + 1 << 16, rowCount)
      let positions: [Int32]
      if case .leftOut(let presence) = column.nulls {
        positions = presence.positions(in: rows)
      } else {
        let validity = column.validity(of: rows)
        positions = (0..<Int32(rows.count)).filter { validity?[Int($0)] != 0 }
      }
      let own = names.read(positions, from: first)
      guard own.validity == nil, case .texts(let codes, _) = own.values else { return nil }
      for code in codes { counts[Int(code)] += 1 }
    }
    return Dictionary(uniqueKeysWithValues: counts.enumerated().filter { $1 > 0 }.map { ($0, $1) })
  }
}
