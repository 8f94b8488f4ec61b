import Functions
import Values

/// Gives each distinct combination of key values a number, from 0, in order of first appearance. Null is a
/// value of its own; all NaN are one.
///
/// While the keys' ranges are small, a combination is a cell of a grid over them; else it is found by its
/// hash.
struct GroupTable {
  private var keys: [GroupKey]
  private var store: KeyStore
  private var places = Places.grid([0])
  /// How many groups there are where there are no keys: one as soon as there is a row.
  private var emptyGroups = 0

  private enum Places {
    /// The number of a group and 1, or 0.
    case grid([UInt32])
    case hashed(HashPlaces)
  }

  /// The most cells that a grid may have: what stays in a core's cache.
  private static let gridCells = 1 << 18

  init(_ types: [ScalarType]) {
    keys = types.map { GroupKey($0) }
    store = KeyStore(keyCount: types.count)
  }

  var count: Int { keys.isEmpty ? emptyGroups : store.count }

  /// About the memory that the table keeps.
  var bytes: Int {
    let own =
      switch places {
      case .grid(let cells): cells.count * 4
      case .hashed(let places): places.bytes
      }
    return own + store.bytes + keys.reduce(0) { $0 + $1.mapper.bytes }
  }

  /// The groups of some rows, new or known.
  mutating func groups(of columns: [Column], count rowCount: Int) -> [UInt32] {
    rowGroups(of: columns.map { KeyColumn($0) }, count: rowCount, starts: nil).ofRows
  }

  /// The groups of some rows: in runs, where rows of one group follow each other. Runs start at all of the given rows,
  /// which have the first one among them.
  mutating func rowGroups(of columns: [KeyColumn], count rowCount: Int, starts: [Int]?) -> RowGroups {
    if rowCount == 0 { return RowGroups([]) }
    if keys.isEmpty {
      emptyGroups = 1
      return RowGroups(oneOf: rowCount, starts: starts)
    }
    var lanes: [KeyLane] = []
    for index in keys.indices {
      let wasMapped = keys[index].isMapped
      lanes.append(keys[index].lane(of: columns[index]))
      if !wasMapped, keys[index].isMapped { renumber(index) }
    }
    if case .grid = places, !fitGrid(to: lanes) { places = .hashed(HashPlaces(store)) }
    switch places {
    case .grid(let cells):
      // Narrow numbers of cells are made, and compared, more at a time.
      return cells.count <= 1 << 16
        ? gridGroups(lanes, UInt16.self, count: rowCount, starts: starts)
        : gridGroups(lanes, UInt32.self, count: rowCount, starts: starts)
    case .hashed(var hashed):
      places = .grid([])
      defer { places = .hashed(hashed) }
      return RowGroups(hashed.groups(of: KeyStore(lanes, count: rowCount), in: &store))
    }
  }

  /// The values of each key, one for each group.
  func keyColumns() -> [Column] { keys.indices.map { keys[$0].column(store, key: $0) } }

  /// The groups with numbers of texts in the place of all codes, and what gives texts their numbers.
  mutating func settled() -> (KeyStore, [TextMapper]) {
    for index in keys.indices where keys[index].type == .text {
      keys[index].leaveHome()
      renumber(index)
    }
    return (store, keys.map(\.mapper))
  }

  /// Turns the codes of a dictionary that a key's groups have so far into numbers of texts.
  private mutating func renumber(_ key: Int) {
    keys[key].forsakeHome(&store, key: key)
    if case .hashed = places { places = .hashed(HashPlaces(store)) }
  }

  // MARK: Grid

  /// Widens the grid where rows lie outside it; false when it would be too large.
  private mutating func fitGrid(to lanes: [KeyLane]) -> Bool {
    var isChanged = false
    for (index, lane) in lanes.enumerated() where !keys[index].covers(lane.range) {
      keys[index].widen(to: lane.range, store, key: index)
      isChanged = true
    }
    guard isChanged else { return true }
    var cells = 1
    for key in keys {
      let (product, isOver) = cells.multipliedReportingOverflow(by: key.width)
      if isOver || product > GroupTable.gridCells { return false }
      cells = product
    }
    var grid = [UInt32](repeating: 0, count: cells)
    for group in 0..<store.count {
      var cell = 0
      for (index, key) in keys.enumerated() {
        let place = store.isNull(group, index) ? key.width - 1 : Int(store.value(group, index) - key.low)
        cell = cell * key.width + place
      }
      grid[cell] = UInt32(group) + 1
    }
    places = .grid(grid)
    return true
  }

  /// The groups of rows that all lie in the grid, whose cells have numbers of a type.
  private mutating func gridGroups<Cell: PlaceNumber>(
    _ lanes: [KeyLane], _: Cell.Type, count rowCount: Int, starts: [Int]?
  ) -> RowGroups {
    guard case .grid(var cells) = places else { preconditionFailure("rows lie in a grid where there is one") }
    places = .grid([])
    defer { places = .grid(cells) }
    var index: [Cell] = lanes[0].places(count: rowCount, low: keys[0].low, width: keys[0].width)
    for (key, lane) in zip(keys, lanes).dropFirst() {
      lane.addPlaces(to: &index, low: key.low, width: key.width)
    }
    guard let starts, let heads = GroupTable.heads(index, starts) else {
      return RowGroups(groupsOfCells(lanes, index, &cells) { $0 })
    }
    let cellOfRun = [Cell](unsafeUninitializedCapacity: heads.count - 1) { cells, count in
      for run in 0..<heads.count - 1 { cells.initializeElement(at: run, to: index[Int(heads[run])]) }
      count = heads.count - 1
    }
    let groups = groupsOfCells(lanes, cellOfRun, &cells) { Int(heads[$0]) }
    return RowGroups(GroupRuns(starts: heads, groups: groups))
  }

  /// The groups of some cells; `row` gives the row that a cell is of.
  @inline(__always)
  private mutating func groupsOfCells<Cell: PlaceNumber>(
    _ lanes: [KeyLane], _ index: [Cell], _ cells: inout [UInt32], row: (Int) -> Int
  ) -> [UInt32] {
    var newGroup = UInt32(store.count)
    var newRows: [Int] = []
    let groups = [UInt32](unsafeUninitializedCapacity: index.count) { groups, initialized in
      index.withUnsafeBufferPointer { index in
        cells.withUnsafeMutableBufferPointer { cells in
          for place in 0..<index.count {
            let cell = Int(index[place])
            if cells[cell] == 0 {
              newGroup &+= 1
              cells[cell] = newGroup
              newRows.append(row(place))
            }
            groups.initializeElement(at: place, to: cells[cell] &- 1)
          }
        }
      }
      initialized = index.count
    }
    for row in newRows { store.append(lanes, row) }
    return groups
  }

  /// Where runs of rows in one cell start, and after the last the number of rows; nothing where runs are so short that
  /// looking at each row is less work.
  private static func heads<Cell: PlaceNumber>(_ index: [Cell], _ starts: [Int]) -> [Int32]? {
    let count = index.count
    // Each row as one byte: 1 where a run starts.
    var mask = [UInt8](unsafeUninitializedCapacity: count) { mask, initialized in
      index.withUnsafeBufferPointer { index in
        mask.initializeElement(at: 0, to: 1)
        for row in 1..<count { mask.initializeElement(at: row, to: index[row] == index[row &- 1] ? 0 : 1) }
      }
      initialized = count
    }
    mask.withUnsafeMutableBufferPointer { mask in
      for start in starts where start < count { mask[start] = 1 }
    }
    guard mask.ones * 2 <= count else { return nil }
    var heads = mask.onePositions
    heads.append(Int32(truncatingIfNeeded: count))
    return heads
  }
}

/// How the values of one key become integers, and which of them a grid has cells for.
private struct GroupKey {
  let type: ScalarType
  private(set) var mapper = TextMapper()
  /// The sorted dictionary whose codes are the key values, while all texts come from it.
  private var home: TextDictionary?
  /// Whether the key values are numbers of texts.
  private(set) var isMapped = false
  /// The first value that the grid has a place for; the last of the places is that of null.
  private(set) var low: Int64 = 0
  private(set) var width = 0

  /// So many texts may all have a place, whether they come or not.
  private static let fewTexts = 1 << 8

  init(_ type: ScalarType) { self.type = type }

  mutating func lane(of column: KeyColumn) -> KeyLane {
    guard let dictionary = column.dictionary else { return column.lane }
    if !isMapped, dictionary.isSorted, home == nil || home === dictionary {
      home = dictionary
      let isSmall = (1...GroupKey.fewTexts).contains(dictionary.count)
      return KeyLane(
        column.lane.values, column.lane.validity, known: isSmall ? 0...Int64(dictionary.count - 1) : nil)
    }
    leaveHome()
    return KeyLane(.codes(mapper.ids(of: column.texts(dictionary))), column.lane.validity)
  }

  /// The numbers of the texts of a home that is to be left.
  private var homeNumbers: [UInt32] = []

  /// From now on the key values are numbers of texts; those of the groups so far are yet to be turned into
  /// some.
  mutating func leaveHome() {
    guard !isMapped else { return }
    isMapped = true
    if let home { homeNumbers = mapper.numbers(of: home) }
  }

  mutating func forsakeHome(_ store: inout KeyStore, key: Int) {
    if home != nil {
      for group in 0..<store.count where !store.isNull(group, key) {
        store.replace(group, key, by: Int64(homeNumbers[Int(store.value(group, key))]))
      }
    }
    home = nil
    homeNumbers = []
    width = 0
  }

  func column(_ store: KeyStore, key: Int) -> Column {
    let values = store.values(key)
    let validity = store.validity(key)
    return switch type {
    case .boolean: .booleans(values.map { UInt8(truncatingIfNeeded: $0) }, validity: validity)
    case .integer, .timestamp, .date, .duration: .integers(values, as: type, validity: validity)
    case .double: .doubles(values.map { Double(bitPattern: UInt64(bitPattern: $0)) }, validity: validity)
    case .text:
      .texts(
        values.map { UInt32(truncatingIfNeeded: $0) }, home ?? mapper.pool.dictionary(), validity: validity)
    }
  }

  func covers(_ range: ClosedRange<Int64>) -> Bool {
    guard width > 0, range.lowerBound >= low else { return false }
    let (distance, isOver) = range.upperBound.subtractingReportingOverflow(low)
    return !isOver && distance < Int64(width - 1)
  }

  /// Makes places for a range and for all groups' values, with room to grow; `Int.max` where there would be
  /// too many.
  mutating func widen(to range: ClosedRange<Int64>, _ store: KeyStore, key: Int) {
    var lowest = range.lowerBound
    var highest = range.upperBound
    for group in 0..<store.count where !store.isNull(group, key) {
      lowest = min(lowest, store.value(group, key))
      highest = max(highest, store.value(group, key))
    }
    let (span, isOver) = highest.subtractingReportingOverflow(lowest)
    guard !isOver, span < 1 << 32 else {
      width = .max
      return
    }
    let room = span / 4 + 2
    // Codes and counts start at zero: there is nothing below it to make room for.
    if lowest >= 0 { low = max(0, lowest - room) } else { low = max(lowest, .min + room) - room }
    width = Int(highest - low) + Int(room) + 2
  }
}
