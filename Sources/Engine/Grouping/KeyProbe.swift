import Values

/// Finds the groups of rows in groups that do not change.
struct KeyProbe {
  private enum Way {
    /// Without keys all rows are of one group.
    case nowhere
    /// A group is the code of its one key's text in a dictionary, of equal texts the first.
    case codes(TextDictionary)
    case hashed(KeyStore, HashPlaces, [TextMapper])
  }

  private var way: Way

  /// Finds the groups of a table.
  init(_ table: GroupTable) {
    var table = table
    let (store, mappers) = table.settled()
    way = mappers.isEmpty ? .nowhere : .hashed(store, HashPlaces(store), mappers)
  }

  /// Takes the codes of a dictionary for groups.
  init(codesOf dictionary: TextDictionary) { way = .codes(dictionary) }

  /// The group of each row, -1 where there is none or a key is null.
  mutating func groups(of columns: [Column], count: Int) -> [Int32] {
    switch way {
    case .nowhere: return [Int32](repeating: 0, count: count)
    case .codes(let dictionary):
      let (codes, own) = columns[0].textValues
      return own.translation(to: dictionary).codes(of: codes, validity: columns[0].validity)
    case .hashed(let store, let places, var mappers):
      way = .nowhere
      defer { way = .hashed(store, places, mappers) }
      return KeyProbe.groups(of: columns, count: count, store, places, &mappers)
    }
  }

  private static func groups(
    of columns: [Column], count: Int, _ store: KeyStore, _ places: HashPlaces, _ mappers: inout [TextMapper]
  ) -> [Int32] {
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
