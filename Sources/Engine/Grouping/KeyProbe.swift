import Values

/// Finds the groups of rows in a table of groups that does not change.
struct KeyProbe {
  private let store: KeyStore
  private let places: HashPlaces
  private var mappers: [TextMapper]

  init(_ table: GroupTable) {
    var table = table
    (store, mappers) = table.settled()
    places = HashPlaces(store)
  }

  /// The group of each row, -1 where there is none or a key is null.
  mutating func groups(of columns: [Column], count: Int) -> [Int32] {
    if columns.isEmpty { return [Int32](repeating: 0, count: count) }
    var lanes: [KeyLane] = []
    for (index, column) in columns.enumerated() {
      switch column.values {
      case .booleans(let values): lanes.append(KeyLane(.bytes(values), column.validity))
      case .integers(let values): lanes.append(KeyLane(.integers(values), column.validity))
      case .doubles(let values): lanes.append(KeyLane(.integers(values.map(\.keyBits)), column.validity))
      case .texts: lanes.append(KeyLane(.codes(mappers[index].knownIDs(of: column)), column.validity))
      }
    }
    var found = places.known(KeyStore(lanes, count: count), in: store)
    for lane in lanes {
      guard let validity = lane.validity else { continue }
      for row in 0..<count where validity[row] == 0 { found[row] = -1 }
    }
    return found
  }
}
