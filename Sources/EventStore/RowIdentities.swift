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
      let valid = contents.validity?.pointer(to: UInt8.self)
      for row in 0..<count where valid?[row] != 0 {
        let code = Int(contents.values.integer(row))
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
    let value = contents.values.integer(row)
    return type != .text || isRepeated[Int(value)] ? value : nil
  }
}
