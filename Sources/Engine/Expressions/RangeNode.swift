import EventStore
import Functions
import Values

/// Whether the integer behind a value lies in a range, bounds included: every comparison with a constant is
/// one.
final class RangeNode: Node {
  private let operand: Node
  private let low: Int64
  private let high: Int64
  private let isNegated: Bool

  /// Compares as the operator says; nothing for operators that are none.
  init?(_ id: Int, _ operand: Node, _ comparison: String, _ bound: Int64) {
    self.operand = operand
    var range: (Int64, Int64)? = (.min, .max)
    var isNegated = false
    switch comparison {
    case "=": range = (bound, bound)
    case "<>":
      range = (bound, bound)
      isNegated = true
    case "<": range = bound == .min ? nil : (.min, bound - 1)
    case "<=": range = (.min, bound)
    case ">": range = bound == .max ? nil : (bound + 1, .max)
    case ">=": range = (bound, .max)
    default: return nil
    }
    // A range without values is what lies outside everything.
    (low, high) = range ?? (.min, .max)
    self.isNegated = range == nil ? true : isNegated
    super.init(id, .boolean)
  }

  override var isSimple: Bool { operand.isSimple }

  override func compute(_ batch: Batch) throws -> Operand {
    if let stored = batch.stored(operand) {
      let mask = stored.spread(mask(stored, stored.places(of: batch.rows)), over: batch.rows)
      return Operand(.booleans(mask, validity: stored.validity(of: batch.rows)))
    }
    let value = try batch.value(operand)
    let inside = value.column.integerValues.withUnsafeBufferPointer { values in
      inRange(count: values.count, low: low, high: high) { values[$0] }
    }
    return Operand(.booleans(inside, validity: value.column.validity), isConstant: value.isConstant)
  }

  /// Compares values as they lie in the log, without widening them.
  private func mask(_ stored: StoredColumn, _ places: Range<Int>) -> [UInt8] {
    let first = places.lowerBound
    switch stored.encoding {
    case .integers8(let values):
      return inRange(count: places.count, low: low, high: high) { Int64(values[first &+ $0]) }
    case .integers16(let values):
      return inRange(count: places.count, low: low, high: high) { Int64(values[first &+ $0]) }
    case .integers32(let values):
      return inRange(count: places.count, low: low, high: high) { Int64(values[first &+ $0]) }
    case .integers64(let values):
      return inRange(count: places.count, low: low, high: high) { values[first &+ $0] }
    case .seconds(let seconds, let base, nil):
      guard let (low, high) = wholeSeconds(from: base) else {
        return [UInt8](repeating: isNegated ? 1 : 0, count: places.count)
      }
      let width = high - low
      let (inside, outside): (UInt8, UInt8) = isNegated ? (0, 1) : (1, 0)
      return [UInt8](unsafeUninitializedCapacity: places.count) { target, initialized in
        for index in 0..<places.count {
          target.initializeElement(at: index, to: seconds[first &+ index] &- low <= width ? inside : outside)
        }
        initialized = places.count
      }
    case .seconds(let seconds, let base, let microseconds?):
      return inRange(count: places.count, low: low, high: high) {
        base &+ Int64(seconds[first &+ $0]) &* 1_000_000 &+ Int64(microseconds[first &+ $0])
      }
    case .booleans, .doubles, .codes8, .codes16, .codes32:
      preconditionFailure("a range of integers is asked of an integral column")
    }
  }

  /// The range in seconds from a base; nothing when no stored second is in it.
  private func wholeSeconds(from base: Int64) -> (low: UInt32, high: UInt32)? {
    let (fromBase, isLowOver) = low.subtractingReportingOverflow(base)
    let (toBase, isHighOver) = high.subtractingReportingOverflow(base)
    let lowest = isLowOver ? (low < base ? Int64.min : .max) : fromBase
    let highest = isHighOver ? (high < base ? Int64.min : .max) : toBase
    let first = max(0, -Calendar.floorDivide(-max(lowest, -.max), 1_000_000))
    let last = min(Int64(UInt32.max), Calendar.floorDivide(highest, 1_000_000))
    guard first <= last else { return nil }
    return (UInt32(first), UInt32(last))
  }

  @inline(__always)
  private func inRange(count: Int, low: Int64, high: Int64, _ value: (Int) -> Int64) -> [UInt8] {
    let width = UInt64(bitPattern: high &- low)
    let (inside, outside): (UInt8, UInt8) = isNegated ? (0, 1) : (1, 0)
    return [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      for index in 0..<count {
        let distance = UInt64(bitPattern: value(index) &- low)
        target.initializeElement(at: index, to: distance <= width ? inside : outside)
      }
      initialized = count
    }
  }
}
