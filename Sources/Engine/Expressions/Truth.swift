import Functions
import Values

/// Three-valued truth of some rows: one byte a row in each plane, a null is neither.
struct Truth {
  var isTrue: [UInt8]
  /// Nothing when no row is null: then what is not true is false.
  var isFalse: [UInt8]?

  init(_ operand: Operand, count: Int) {
    let column = operand.expanded(to: count)
    let values = column.booleanValues
    guard let validity = column.validity else {
      isTrue = values
      return
    }
    isTrue = zipped(values, validity) { $0 & $1 }
    isFalse = zipped(values, validity) { ($0 ^ 1) & $1 }
  }

  var column: Column {
    guard let isFalse else { return .booleans(isTrue) }
    let validity = zipped(isTrue, isFalse) { $0 | $1 }
    return .booleans(isTrue, validity: validity.contains(0) ? validity : nil)
  }

  var negated: Truth {
    var result = self
    if let isFalse {
      result.isTrue = isFalse
      result.isFalse = isTrue
    } else {
      result.isTrue = isTrue.map { $0 ^ 1 }
    }
    return result
  }

  /// True where both are, false where one is.
  func and(_ other: Truth) -> Truth {
    var result = self
    result.isTrue = zipped(isTrue, other.isTrue) { $0 & $1 }
    if isFalse != nil || other.isFalse != nil {
      result.isFalse = zipped(falsePlane, other.falsePlane) { $0 | $1 }
    }
    return result
  }

  private var falsePlane: [UInt8] { isFalse ?? isTrue.map { $0 ^ 1 } }
}

/// Two arrays of one length, combined row by row.
@inline(__always)
func zipped<A, B, Result>(_ a: [A], _ b: [B], _ combine: (A, B) -> Result) -> [Result] {
  precondition(a.count == b.count, "what belongs to the same rows has one length")
  return a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      [Result](unsafeUninitializedCapacity: a.count) { target, initialized in
        for index in 0..<a.count { target.initializeElement(at: index, to: combine(a[index], b[index])) }
        initialized = a.count
      }
    }
  }
}

/// Which rows of a batch something holds for.
enum RowChoice {
  case all, none
  /// Ascending positions.
  case some([Int32])

  /// The rows for which a condition is true.
  init(true operand: Operand, count: Int) {
    if operand.isConstant {
      self = operand.column.booleanValues[0] != 0 && !operand.column.isNull(0) ? .all : .none
      return
    }
    let values = operand.column.booleanValues
    if let validity = operand.column.validity {
      self.init(mask: zipped(values, validity) { $0 & $1 })
    } else {
      self.init(mask: values)
    }
  }

  /// The rows whose byte is 1.
  init(mask: [UInt8]) { self.init(mask: mask, ones: mask.ones) }

  /// The rows whose byte is 1, of which there are so many.
  init(mask: [UInt8], ones: Int) {
    self = ones == 0 ? .none : ones == mask.count ? .all : .some(mask.onePositions)
  }
}

extension [UInt8] {
  /// How many of the bytes, each of them 0 or 1, are 1.
  var ones: Int {
    withUnsafeBytes { mask in
      var total = 0
      var index = 0
      // Bytes are added up eight at a time, for as long as none can overflow.
      while index &+ 8 <= mask.count {
        let end = Swift.min(mask.count &- 7, index &+ 8 &* 255)
        var sums: UInt64 = 0
        while index < end {
          sums &+= mask.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          index &+= 8
        }
        let pairs = (sums & 0x00ff_00ff_00ff_00ff) &+ ((sums >> 8) & 0x00ff_00ff_00ff_00ff)
        total &+= Int((pairs &* 0x0001_0001_0001_0001) >> 48)
      }
      while index < mask.count {
        total &+= Int(mask[index])
        index &+= 1
      }
      return total
    }
  }

  /// The positions of the bytes that are 1 among bytes that are 0 or 1, ascending.
  var onePositions: [Int32] {
    withUnsafeBytes { mask in
      [Int32](unsafeUninitializedCapacity: mask.count + 8) { target, initialized in
        var count = 0
        var index = 0
        ChosenPlaces.ofByte.withUnsafeBufferPointer { places in
          let target = UnsafeMutableRawBufferPointer(target)
          while index &+ 8 <= mask.count {
            let word = UInt64(littleEndian: mask.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            // Where few rows are chosen, most words are zero.
            if word != 0 {
              // The factor brings the bit of each byte into the uppermost byte, in their order.
              let bits = Int(truncatingIfNeeded: (word &* 0x0102_0408_1020_4080) >> 56)
              let rows = SIMD8<Int32>(truncatingIfNeeded: places[bits]) &+ Int32(truncatingIfNeeded: index)
              target.storeBytes(of: rows, toByteOffset: count &* 4, as: SIMD8<Int32>.self)
              count &+= Int((word &* 0x0101_0101_0101_0101) >> 56)
            }
            index &+= 8
          }
        }
        while index < mask.count {
          target[count] = Int32(truncatingIfNeeded: index)
          count &+= Int(mask[index])
          index &+= 1
        }
        initialized = count
      }
    }
  }
}

/// Which bits of a byte are 1.
private enum ChosenPlaces {
  /// By byte: the numbers of these bits, ascending; what follows them says nothing.
  static let ofByte: [SIMD8<UInt8>] = (0..<256).map { byte in
    var places = SIMD8<UInt8>()
    for (index, bit) in (0..<8).filter({ byte >> $0 & 1 == 1 }).enumerated() { places[index] = UInt8(bit) }
    return places
  }
}

extension Batch {
  /// The rows for which all conditions are true, each asked only of the rows that the ones before it leave;
  /// nothing when no row is left.
  func filtered(by conditions: [Node]) throws -> Batch? {
    var batch = self
    var index = 0
    let conditions = conditions.filter { !$0.isCertain(of: source) }
    while index < conditions.count {
      if conditions[index].isSimple {
        // Masks of quick conditions are put together before rows are picked, unless few are left. What is read row by row
        // is dearer than a mask.
        let enough = batch.rootPositions == nil ? 16 : 2
        var mask: [UInt8]?
        var ones = batch.count
        while index < conditions.count, conditions[index].isSimple, ones * enough > batch.count {
          let own = try batch.trueMask(conditions[index])
          index += 1
          guard let own else { continue }
          mask = mask.map { zipped($0, own) { $0 & $1 } } ?? own
          ones = mask?.ones ?? ones
        }
        guard let mask else { continue }
        guard let kept = batch.narrowed(to: RowChoice(mask: mask, ones: ones)) else { return nil }
        batch = kept
      } else {
        guard let kept = batch.narrowed(to: try conditions[index].choice(batch)) else { return nil }
        batch = kept
        index += 1
      }
    }
    return batch
  }

  /// One byte a row, 1 where all conditions are true; nothing where there are none, or all rows fulfil them.
  func mask(of conditions: [Node]) throws -> [UInt8]? {
    guard !conditions.isEmpty else { return nil }
    var mask = [UInt8](repeating: 0, count: count)
    guard let kept = try filtered(by: conditions) else { return mask }
    guard let rows = kept.selection(in: self) else { return nil }
    for row in rows { mask[Int(row)] = 1 }
    return mask
  }

  /// One byte a row, 1 where a condition is true; nothing where one value says that all are.
  private func trueMask(_ condition: Node) throws -> [UInt8]? {
    if !condition.isKept, let mask = condition.trueMask(self) { return mask }
    let value = try value(condition)
    if value.isConstant, case .all = RowChoice(true: value, count: count) { return nil }
    let truth = value.expanded(to: count)
    return truth.validity.map { zipped(truth.booleanValues, $0) { $0 & $1 } } ?? truth.booleanValues
  }

  private func narrowed(to choice: RowChoice) -> Batch? {
    switch choice {
    case .all: self
    case .none: nil
    case .some(let rows): Batch(self, at: rows)
    }
  }
}
