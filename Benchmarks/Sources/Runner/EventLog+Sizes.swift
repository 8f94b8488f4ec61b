import EventStore

extension EventLog {
  /// How many bytes each column takes where a query reads it, by the column's name. The entity's are the offsets, which
  /// say whose rows begin where; `rows` is how many there are. Texts themselves are left out: a query reads codes.
  var sizes: [String: Int] {
    var result = ["rows": rowCount]
    for (field, column) in zip(schema, columns) {
      result[field.name] = column.map(\.bytes) ?? (entityCount + 1) * MemoryLayout<UInt64>.stride
    }
    return result
  }
}

extension StoredColumn {
  fileprivate var bytes: Int {
    let width =
      switch encoding {
      case .booleans, .integers8, .codes8: 1
      case .integers16, .codes16: 2
      case .integers32, .codes32: 4
      case .integers64, .doubles: 8
      case .seconds(_, base: _, let microseconds): microseconds == nil ? 4 : 8
      }
    let marks =
      switch nulls {
      case .nowhere: 0
      case .marked: count
      case .leftOut: (count / 32 + 1) * MemoryLayout<UInt64>.stride
      }
    return places(of: 0..<count).count * width + marks
  }
}
