/// A run of values of one type, some of which may be null. Engine batches and tables are made of these.
public struct Column: Sendable {
  /// The storage, by how wide a value is; where `validity` says null, what is stored means nothing.
  public enum Values: Sendable {
    /// One byte a value, 0 or 1.
    case booleans([UInt8])
    /// Integers, and what lies behind timestamps, dates and durations.
    case integers([Int64])
    case doubles([Double])
    /// One code a value; null values have code 0 even where the dictionary is empty.
    case texts([UInt32], TextDictionary)
  }

  /// What the values mean; it fits the storage.
  public var type: ScalarType
  /// One element for each row.
  public var values: Values
  /// One byte a value, 1 where there is a value and 0 where it is null; nothing when no value is null.
  public var validity: [UInt8]?

  /// Values with their type; without `validity` none is null.
  public init(type: ScalarType, values: Values, validity: [UInt8]? = nil) {
    self.type = type
    self.values = values
    self.validity = validity
  }

  /// How many values there are, nulls included.
  public var count: Int {
    switch values {
    case .booleans(let values): values.count
    case .integers(let values): values.count
    case .doubles(let values): values.count
    case .texts(let codes, _): codes.count
    }
  }

  /// Whether the value at a position is null.
  @inlinable public func isNull(_ index: Int) -> Bool {
    guard let validity else { return false }
    return validity[index] == 0
  }

  /// The value at a position.
  public subscript(index: Int) -> Scalar {
    if isNull(index) { return .null }
    switch values {
    case .booleans(let values): return .boolean(values[index] != 0)
    case .integers(let values): return Scalar(integral: values[index], as: type)
    case .doubles(let values): return .double(values[index])
    case .texts(let codes, let dictionary): return .text(dictionary.text(Int(codes[index])))
    }
  }

  /// All values, for small columns and tests.
  public var scalars: [Scalar] { (0..<count).map { self[$0] } }
}

extension Column {
  /// Truth values of 0 and 1.
  public static func booleans(_ values: [UInt8], validity: [UInt8]? = nil) -> Column {
    Column(type: .boolean, values: .booleans(values), validity: validity)
  }

  /// Whole numbers, or what they stand for: microseconds of timestamps and durations, days of dates.
  public static func integers(
    _ values: [Int64], as type: ScalarType = .integer, validity: [UInt8]? = nil
  ) -> Column {
    precondition(type.isIntegral, "a column of \(type) does not hold integers")
    return Column(type: type, values: .integers(values), validity: validity)
  }

  /// Floating-point numbers; NaN is a value and not null.
  public static func doubles(_ values: [Double], validity: [UInt8]? = nil) -> Column {
    Column(type: .double, values: .doubles(values), validity: validity)
  }

  /// Codes of texts in a dictionary, which may hold texts that no code points to.
  public static func texts(
    _ codes: [UInt32], _ dictionary: TextDictionary, validity: [UInt8]? = nil
  ) -> Column {
    Column(type: .text, values: .texts(codes, dictionary), validity: validity)
  }

  /// A column of one type from plain values; values of another type become null. For small columns.
  public init(_ type: ScalarType, _ scalars: some Sequence<Scalar>) {
    var builder = ColumnBuilder(type)
    for scalar in scalars { builder.append(scalar) }
    self = builder.build()
  }

  /// A column of one value, repeated.
  public init(repeating scalar: Scalar, type: ScalarType, count: Int) {
    let validity: [UInt8]? = scalar == .null ? [UInt8](repeating: 0, count: count) : nil
    switch type {
    case .boolean:
      self = .booleans([UInt8](repeating: scalar == .boolean(true) ? 1 : 0, count: count), validity: validity)
    case .double: self = .doubles([Double](repeating: scalar.number ?? 0, count: count), validity: validity)
    case .text:
      var texts: [String] = []
      if case .text(let text) = scalar { texts = [text] }
      self = .texts([UInt32](repeating: 0, count: count), TextDictionary(texts), validity: validity)
    case .integer, .timestamp, .date, .duration:
      self = .integers(
        [Int64](repeating: scalar.integral ?? 0, count: count), as: type, validity: validity)
    }
  }

  /// The values at the given positions, in that order.
  public func gathered(_ positions: [Int32]) -> Column {
    Column(
      type: type,
      values: {
        switch values {
        case .booleans(let values): .booleans(Column.gather(values, positions))
        case .integers(let values): .integers(Column.gather(values, positions))
        case .doubles(let values): .doubles(Column.gather(values, positions))
        case .texts(let codes, let dictionary): .texts(Column.gather(codes, positions), dictionary)
        }
      }(),
      validity: validity.map { Column.gather($0, positions) })
  }

  private static func gather<Element>(_ values: [Element], _ positions: [Int32]) -> [Element] {
    values.withUnsafeBufferPointer { source in
      [Element](unsafeUninitializedCapacity: positions.count) { target, count in
        for (index, position) in positions.enumerated() {
          target.initializeElement(at: index, to: source[Int(position)])
        }
        count = positions.count
      }
    }
  }
}

/// Collects values of one type into a column.
public struct ColumnBuilder {
  /// The type of the column that is built.
  public let type: ScalarType
  private var bytes: [UInt8] = []
  private var integers: [Int64] = []
  private var doubles: [Double] = []
  private var codes: [UInt32] = []
  private var dictionary = TextDictionaryBuilder()
  private var validity: [UInt8] = []
  private var hasNull = false

  /// A builder without values.
  public init(_ type: ScalarType) { self.type = type }

  /// How many values were appended, nulls included.
  public var count: Int { validity.count }

  /// Appends a value; one of another type counts as null, except that an integer is a double where one is wanted.
  public mutating func append(_ scalar: Scalar) {
    var valid = true
    switch type {
    case .boolean:
      if case .boolean(let value) = scalar {
        bytes.append(value ? 1 : 0)
      } else {
        bytes.append(0); valid = false
      }
    case .double:
      switch scalar {
      case .double(let value): doubles.append(value)
      case .integer(let value): doubles.append(Double(value))
      default: doubles.append(0); valid = false
      }
    case .text:
      if case .text(let text) = scalar {
        codes.append(dictionary.code(for: text))
      } else {
        codes.append(0)
        valid = false
      }
    case .integer, .timestamp, .date, .duration:
      if scalar.type == type, let value = scalar.integral {
        integers.append(value)
      } else {
        integers.append(0)
        valid = false
      }
    }
    validity.append(valid ? 1 : 0)
    if !valid { hasNull = true }
  }

  /// The column of all values so far.
  public func build() -> Column {
    let validity = hasNull ? validity : nil
    switch type {
    case .boolean: return .booleans(bytes, validity: validity)
    case .double: return .doubles(doubles, validity: validity)
    case .text: return .texts(codes, dictionary.build(), validity: validity)
    case .integer, .timestamp, .date, .duration: return .integers(integers, as: type, validity: validity)
    }
  }
}
