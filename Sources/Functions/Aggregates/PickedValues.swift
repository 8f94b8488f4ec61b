import Values

/// For each group one value that was picked from the rows, of any type.
///
/// A text is kept as the dictionary that it was read from and its code; dictionaries that no longer matter
/// are let go.
struct PickedValues {
  private let type: ScalarType
  /// Native values as bits; the code of a text.
  private var bits: [UInt64] = []
  private var isPresent: [Bool] = []
  /// The position in `dictionaries` of each text's.
  private var homes: [UInt16] = []
  private var dictionaries: [TextDictionary] = []
  /// Rows that were picked in the batch at hand, and the groups that have one.
  private var pending: [Int32] = []
  private var touched: [UInt32] = []
  /// How many dictionaries are kept before the texts are copied into one.
  private static let patience = 64

  init(_ type: ScalarType) { self.type = type }

  var count: Int { bits.count }
  /// About the memory that is kept; dictionaries are others'.
  var bytes: Int { count * 13 + homes.count * 2 }

  mutating func grow(to groupCount: Int) {
    guard groupCount > count else { return }
    let more = groupCount - count
    bits.append(contentsOf: repeatElement(0, count: more))
    isPresent.append(contentsOf: repeatElement(false, count: more))
    pending.append(contentsOf: repeatElement(-1, count: more))
    if type == .text { homes.append(contentsOf: repeatElement(0, count: more)) }
  }

  func hasValue(_ group: Int) -> Bool { isPresent[group] }

  /// The row of the batch at hand that a group is going to take; negative when there is none.
  @inline(__always) func pickedRow(_ group: Int) -> Int { Int(pending[group]) }

  /// Notes that a group takes a row of the batch at hand, instead of one noted before.
  @inline(__always) mutating func pick(_ row: Int, for group: Int) {
    if pending[group] < 0 { touched.append(UInt32(group)) }
    pending[group] = Int32(row)
  }

  /// Whether a group has a value or is going to take one.
  @inline(__always) func isTaken(_ group: Int) -> Bool { isPresent[group] || pending[group] >= 0 }

  /// Picks each group's first row that is not null, where it has no value yet.
  mutating func pickFirst(_ groups: [UInt32], _ validity: [UInt8]?) {
    for row in groups.indices where validity == nil || validity?[row] == 1 {
      let group = Int(groups[row])
      if !isTaken(group) { pick(row, for: group) }
    }
  }

  /// Picks each group's last row that is not null.
  mutating func pickLast(_ groups: [UInt32], _ validity: [UInt8]?) {
    for row in groups.indices.reversed() where validity == nil || validity?[row] == 1 {
      let group = Int(groups[row])
      if pending[group] < 0 { pick(row, for: group) }
    }
  }

  /// Reads the values of all rows that were picked in a batch. The work is that of the batch, not of all
  /// groups.
  mutating func take(from column: Column) {
    let home = prepare(column)
    for group in touched.lazy.map(Int.init) {
      let row = Int(pending[group])
      pending[group] = -1
      isPresent[group] = true
      switch column.values {
      case .booleans(let values): bits[group] = UInt64(values[row])
      case .integers(let values): bits[group] = UInt64(bitPattern: values[row])
      case .doubles(let values): bits[group] = values[row].bitPattern
      case .texts(let codes, _):
        bits[group] = UInt64(codes[row])
        homes[group] = home
      }
    }
    touched.removeAll(keepingCapacity: true)
  }

  /// Takes a group's value from values of the same type.
  mutating func take(_ group: Int, from other: PickedValues, _ otherGroup: Int) {
    isPresent[group] = other.isPresent[otherGroup]
    bits[group] = other.bits[otherGroup]
    guard type == .text, isPresent[group] else { return }
    let dictionary = other.dictionaries[Int(other.homes[otherGroup])]
    homes[group] = home(of: dictionary)
  }

  /// The values as a column; null for groups without one.
  func column() -> Column {
    switch type {
    case .boolean: return Functions.column(of: 0..<count, as: type) { isPresent[$0] ? UInt8(bits[$0]) : nil }
    case .double:
      return Functions.column(of: 0..<count, as: type) { isPresent[$0] ? Double(bitPattern: bits[$0]) : nil }
    case .integer, .timestamp, .date, .duration:
      return Functions.column(of: 0..<count, as: type) { isPresent[$0] ? Int64(bitPattern: bits[$0]) : nil }
    case .text:
      var builder = TextColumnBuilder(capacity: count)
      for group in 0..<count {
        if isPresent[group] { builder.append(text(group)) } else { builder.appendNull() }
      }
      return builder.build()
    }
  }

  /// The code of a group's text, if it is of this dictionary.
  @inline(__always) func code(_ group: Int, in dictionary: TextDictionary) -> UInt32? {
    dictionaries[Int(homes[group])] === dictionary ? UInt32(bits[group]) : nil
  }

  func text(_ group: Int) -> UnsafeBufferPointer<UInt8> {
    dictionaries[Int(homes[group])].utf8(Int(bits[group]))
  }

  private mutating func prepare(_ column: Column) -> UInt16 {
    guard case .texts(_, let dictionary) = column.values else { return 0 }
    return home(of: dictionary)
  }

  private mutating func home(of dictionary: TextDictionary) -> UInt16 {
    if let known = dictionaries.lastIndex(where: { $0 === dictionary }) { return UInt16(known) }
    if dictionaries.count == PickedValues.patience { settle() }
    dictionaries.append(dictionary)
    return UInt16(dictionaries.count - 1)
  }

  /// Copies the texts into one dictionary of their own.
  private mutating func settle() {
    guard case .texts(let codes, let dictionary) = column().values else { return }
    dictionaries = [dictionary]
    for group in 0..<count {
      bits[group] = UInt64(codes[group])
      homes[group] = 0
    }
  }
}
