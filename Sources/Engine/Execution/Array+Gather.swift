import Functions
import Values

extension Array where Element: BitwiseCopyable {
  /// The elements at the given positions, in that order.
  @inline(__always) func gathered(_ positions: [Int32]) -> [Element] {
    withUnsafeBufferPointer { source in
      positions.withUnsafeBufferPointer { positions in
        [Element](unsafeUninitializedCapacity: positions.count) { target, initialized in
          for index in 0..<positions.count {
            target.initializeElement(at: index, to: source[Int(positions[index])])
          }
          initialized = positions.count
        }
      }
    }
  }
}

extension Operand {
  /// The values of some rows; nothing stands for all.
  func gathered(_ positions: [Int32]?) -> Operand {
    guard let positions, !isConstant else { return self }
    return Operand(column.gathered(positions))
  }
}

extension Column {
  /// The values of a range of rows.
  func slice(_ rows: Range<Int>) -> Column {
    if rows.count == count { return self }
    let values: Values =
      switch values {
      case .booleans(let values): .booleans(Array(values[rows]))
      case .integers(let values): .integers(Array(values[rows]))
      case .doubles(let values): .doubles(Array(values[rows]))
      case .texts(let codes, let dictionary): .texts(Array(codes[rows]), dictionary)
      }
    return Column(type: type, values: values, validity: validity.map { Array($0[rows]) })
  }

  /// The values at the given positions; null at -1.
  func gatheredOrNull(_ positions: [Int32]) -> Column {
    guard positions.contains(-1) else { return gathered(positions) }
    if count == 0 { return Column(repeating: .null, type: type, count: positions.count) }
    var column = gathered(positions.map { Swift.max($0, 0) })
    var validity = column.validity ?? [UInt8](repeating: 1, count: positions.count)
    for (index, position) in positions.enumerated() where position < 0 { validity[index] = 0 }
    column.validity = validity
    return column
  }

  /// The bytes of a column of booleans.
  var booleanValues: [UInt8] {
    guard case .booleans(let values) = values else { preconditionFailure("\(type) is not boolean") }
    return values
  }

  /// The integers behind a column of an integral type.
  var integerValues: [Int64] {
    guard case .integers(let values) = values else { preconditionFailure("\(type) is not integral") }
    return values
  }

  /// The numbers of a column of doubles.
  var doubleValues: [Double] {
    guard case .doubles(let values) = values else { preconditionFailure("\(type) is not double") }
    return values
  }

  /// The codes and the dictionary of a column of texts.
  var textValues: (codes: [UInt32], dictionary: TextDictionary) {
    guard case .texts(let codes, let dictionary) = values else { preconditionFailure("\(type) is not text") }
    return (codes, dictionary)
  }
}
