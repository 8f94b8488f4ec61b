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

/// The bytes of two masks of one length, combined.
@inline(__always)
func zipped(_ a: [UInt8], _ b: [UInt8], _ combine: (UInt8, UInt8) -> UInt8) -> [UInt8] {
  precondition(a.count == b.count, "masks have one length")
  return a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      [UInt8](unsafeUninitializedCapacity: a.count) { target, initialized in
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
  init(mask: [UInt8]) {
    let chosen = mask.withUnsafeBytes { mask in
      [Int32](unsafeUninitializedCapacity: mask.count + 1) { target, initialized in
        var count = 0
        var index = 0
        // Eight rows at once: where few rows are chosen, most words are zero.
        while index &+ 8 <= mask.count {
          var word = UInt64(littleEndian: mask.loadUnaligned(fromByteOffset: index, as: UInt64.self))
          let chosen = (word &* 0x0101_0101_0101_0101) >> 56
          if chosen > 2 {
            for place in index..<(index &+ 8) {
              target[count] = Int32(truncatingIfNeeded: place)
              count &+= Int(mask[place])
            }
          } else {
            while word != 0 {
              target[count] = Int32(truncatingIfNeeded: index &+ word.trailingZeroBitCount >> 3)
              count &+= 1
              word &= word &- 1
            }
          }
          index &+= 8
        }
        while index < mask.count {
          if mask[index] != 0 {
            target[count] = Int32(truncatingIfNeeded: index)
            count &+= 1
          }
          index &+= 1
        }
        initialized = count
      }
    }
    self = chosen.isEmpty ? .none : chosen.count == mask.count ? .all : .some(chosen)
  }
}

extension Batch {
  /// The rows for which all conditions are true, each asked only of the rows that the ones before it leave;
  /// nothing when no row is left.
  func filtered(by conditions: [Node]) throws -> Batch? {
    var batch = self
    var index = 0
    while index < conditions.count {
      if conditions[index].constant == nil, conditions[index].isSimple {
        // Masks of quick conditions are put together before rows are picked.
        var mask = Truth(try batch.value(conditions[index]), count: batch.count).isTrue
        index += 1
        while index < conditions.count, conditions[index].isSimple {
          mask = zipped(mask, Truth(try batch.value(conditions[index]), count: batch.count).isTrue) {
            $0 & $1
          }
          index += 1
        }
        guard let kept = batch.narrowed(to: RowChoice(mask: mask)) else { return nil }
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

  private func narrowed(to choice: RowChoice) -> Batch? {
    switch choice {
    case .all: self
    case .none: nil
    case .some(let rows): Batch(self, at: rows)
    }
  }
}
