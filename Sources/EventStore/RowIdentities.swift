import Values

/// The ids of rows as they came: which of them may be there more than once.
struct RowIdentities {
  private let contents: ColumnSpool.Contents
  private let type: ScalarType
  /// Of texts by code: whether more than one row has it.
  private let isRepeated: [Bool]

  /// - Parameters:
  ///   - spool: of the column of ids.
  ///   - texts: how many distinct ones the column has.
  init(_ spool: ColumnSpool?, count: Int, texts: Int) throws(StoreError) {
    guard let spool else { preconditionFailure("an id is a column of the log") }
    contents = try spool.contents()
    type = spool.field.type
    var isSeen = [Bool](repeating: false, count: texts)
    var isRepeated = isSeen
    if type == .text {
      let codes = contents.values.pointer(to: UInt32.self)
      let valid = contents.validity?.pointer(to: UInt8.self)
      for row in 0..<count where valid?[row] != 0 {
        let code = Int(codes[row])
        if isSeen[code] { isRepeated[code] = true }
        isSeen[code] = true
      }
    }
    self.isRepeated = isRepeated
  }

  /// A row's id as a number; nothing where it has none, or a text that no other row has.
  @inline(__always)
  func identity(_ row: UInt32) -> Int64? {
    let row = Int(row)
    if contents.validity?.pointer(to: UInt8.self)[row] == 0 { return nil }
    switch type {
    case .text:
      let code = contents.values.pointer(to: UInt32.self)[row]
      return isRepeated[Int(code)] ? Int64(code) : nil
    case .double: return Int64(bitPattern: contents.values.pointer(to: UInt64.self)[row])
    case .boolean: return Int64(contents.values.pointer(to: UInt8.self)[row])
    case .integer, .timestamp, .date, .duration: return contents.values.pointer(to: Int64.self)[row]
    }
  }
}
