import Values

/// What lies in memory behind a value that is not a text.
protocol Native: BitwiseCopyable, Sendable {
  /// The values of a column of a type that is held so.
  static func values(of column: Column) -> [Self]
  static func column(_ values: [Self], as type: ScalarType, validity: [UInt8]?) -> Column
  /// What stands where there is no value.
  static var blank: Self { get }
}

extension UInt8: Native {
  static let blank: UInt8 = 0

  static func values(of column: Column) -> [UInt8] {
    guard case .booleans(let values) = column.values else { preconditionFailure("the operand is a boolean") }
    return values
  }

  static func column(_ values: [UInt8], as type: ScalarType, validity: [UInt8]?) -> Column {
    .booleans(values, validity: validity)
  }
}

extension Int64: Native {
  static let blank: Int64 = 0

  static func values(of column: Column) -> [Int64] {
    guard case .integers(let values) = column.values else { preconditionFailure("the operand is an integer") }
    return values
  }

  static func column(_ values: [Int64], as type: ScalarType, validity: [UInt8]?) -> Column {
    .integers(values, as: type, validity: validity)
  }
}

extension Double: Native {
  static let blank: Double = 0

  static func values(of column: Column) -> [Double] {
    guard case .doubles(let values) = column.values else { preconditionFailure("the operand is a double") }
    return values
  }

  static func column(_ values: [Double], as type: ScalarType, validity: [UInt8]?) -> Column {
    .doubles(values, validity: validity)
  }
}

/// An operand's values by row, whether it is constant or not.
struct Lane<Element: Native> {
  private let values: [Element]
  private let step: Int

  init(_ operand: Operand) {
    values = Element.values(of: operand.column)
    step = operand.isConstant ? 0 : 1
  }

  @inline(__always) subscript(row: Int) -> Element { values[row &* step] }
}

/// A text operand's bytes by row. Rows without a text must not be asked for.
struct TextLane {
  let dictionary: TextDictionary
  private let codes: [UInt32]
  private let step: Int

  init(_ operand: Operand) {
    guard case .texts(let codes, let dictionary) = operand.column.values else {
      preconditionFailure("the operand is a text")
    }
    self.codes = codes
    self.dictionary = dictionary
    step = operand.isConstant ? 0 : 1
  }

  /// Valid while the lane is.
  @inline(__always) subscript(row: Int) -> UnsafeBufferPointer<UInt8> {
    dictionary.utf8(Int(codes[row &* step]))
  }

  @inline(__always) func code(_ row: Int) -> UInt32 { codes[row &* step] }

  func text(_ row: Int) -> String { String(decoding: self[row], as: UTF8.self) }
}

extension Operand {
  /// Whether there is no value in a row.
  @inline(__always) func isNull(_ row: Int) -> Bool { column.isNull(isConstant ? 0 : row) }

  /// The value in a row, for messages.
  func scalar(_ row: Int) -> Scalar { column[isConstant ? 0 : row] }
}

/// Where all operands have a value: one byte a row; nothing when they have everywhere.
func jointValidity(_ operands: [Operand], _ count: Int) -> [UInt8]? {
  var joint: [UInt8]?
  for operand in operands {
    guard let validity = operand.column.validity else { continue }
    if operand.isConstant {
      if validity[0] == 0 { return [UInt8](repeating: 0, count: count) }
    } else if var both = joint {
      joint = nil
      for row in 0..<count { both[row] &= validity[row] }
      joint = both
    } else {
      joint = validity
    }
  }
  return joint
}

// MARK: Loops
//
// Each is inlined where it is used, so that its closure becomes the body of the loop.

/// Applies a function that holds for every bit pattern to each value; null gives null.
@inline(__always)
func map<A: Native, R: Native>(
  _ operands: [Operand], _ count: Int, as type: ScalarType, _ transform: (A) -> R
) -> Column {
  let values = A.values(of: operands[0].column)
  let results =
    operands[0].isConstant
    ? [R](repeating: transform(values[0]), count: count)
    : values.withUnsafeBufferPointer { values in
      filled(count) { transform(values[$0]) }
    }
  return R.column(results, as: type, validity: jointValidity(operands, count))
}

/// Applies a function that holds for every pair of bit patterns to each pair of values; null gives null.
@inline(__always)
func zip<A: Native, B: Native, R: Native>(
  _ operands: [Operand], _ count: Int, as type: ScalarType, _ combine: (A, B) -> R
) -> Column {
  R.column(zipped(operands, count, combine), as: type, validity: jointValidity(operands, count))
}

/// The results of `zip` without their validity.
@inline(__always)
func zipped<A: Native, B: Native, R: Native>(
  _ operands: [Operand], _ count: Int, _ combine: (A, B) -> R
) -> [R] {
  A.values(of: operands[0].column).withUnsafeBufferPointer { a in
    B.values(of: operands[1].column).withUnsafeBufferPointer { b in
      switch (operands[0].isConstant, operands[1].isConstant) {
      case (false, false): return filled(count) { combine(a[$0], b[$0]) }
      case (false, true):
        let right = b[0]
        return filled(count) { combine(a[$0], right) }
      case (true, false):
        let left = a[0]
        return filled(count) { combine(left, b[$0]) }
      case (true, true): return [R](repeating: combine(a[0], b[0]), count: count)
      }
    }
  }
}

/// One value for each row.
@inline(__always)
func filled<R>(_ count: Int, _ value: (Int) -> R) -> [R] {
  [R](unsafeUninitializedCapacity: count) { target, initialized in
    for row in 0..<count { target.initializeElement(at: row, to: value(row)) }
    initialized = count
  }
}

/// Computes a value for each row in which all operands have one; `value` may give none. Other rows are null.
@inline(__always)
func eachRow<R: Native>(
  _ operands: [Operand], _ count: Int, as type: ScalarType, _ value: (Int) throws -> R?
) throws -> Column {
  if count > 0, operands.allSatisfy(\.isConstant) {
    guard operands.allSatisfy({ !$0.isNull(0) }), let only = try value(0) else {
      return Column(repeating: .null, type: type, count: count)
    }
    return R.column([R](repeating: only, count: count), as: type, validity: nil)
  }
  let given = jointValidity(operands, count)
  var values = [R](repeating: R.blank, count: count)
  var validity = given ?? []
  for row in 0..<count where given == nil || validity[row] != 0 {
    if let result = try value(row) {
      values[row] = result
      continue
    }
    if validity.isEmpty { validity = [UInt8](repeating: 1, count: count) }
    validity[row] = 0
  }
  return R.column(values, as: type, validity: validity.isEmpty ? nil : validity)
}

/// Writes a text for each row in which all operands have a value; `write` may refuse. Other rows are null.
@inline(__always)
func eachText(
  _ operands: [Operand], _ count: Int, _ write: (Int, inout [UInt8]) throws -> Bool
) throws -> Column {
  let given = jointValidity(operands, count)
  var builder = TextColumnBuilder(capacity: count)
  var buffer: [UInt8] = []
  for row in 0..<count {
    buffer.removeAll(keepingCapacity: true)
    if given == nil || given?[row] == 1, try write(row, &buffer) {
      buffer.withUnsafeBufferPointer { builder.append($0) }
      try builder.checkSize()
    } else {
      builder.appendNull()
    }
  }
  return builder.build()
}

/// Collects texts into a column whose dictionary holds each distinct text once.
struct TextColumnBuilder {
  private static let mostBytes = 250_000_000
  private var interner = TextInterner()
  private var codes: [UInt32] = []
  private var validity: [UInt8] = []
  private var hasNull = false

  init(capacity: Int) {
    codes.reserveCapacity(capacity)
    validity.reserveCapacity(capacity)
  }

  mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    codes.append(interner.code(for: text))
    validity.append(1)
  }

  /// Refuses texts that together would take all memory: each by itself may be of a moderate length.
  func checkSize() throws(EvaluationError) {
    guard interner.byteCount <= TextColumnBuilder.mostBytes else {
      throw EvaluationError(
        "the texts of a column take more than \(TextColumnBuilder.mostBytes / 1_000_000) MB",
        hints: ["make shorter texts, or keep fewer rows before they are made"])
    }
  }

  mutating func appendNull() {
    codes.append(0)
    validity.append(0)
    hasNull = true
  }

  func build() -> Column { .texts(codes, interner.dictionary(), validity: hasNull ? validity : nil) }
}
