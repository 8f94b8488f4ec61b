import Values

/// Sums and averages. A sum of doubles adds in the order of the rows; a sum of integers is exact.
enum Sums {
  static let functions: [AggregateFunction] = [
    AggregateFunction(
      "sum", "The sum of the values; null when there are none.",
      [
        .init([Parameter("x", .integer)], result: .integer, sql: whole) { CellState<WholeSum>(.integer) },
        .init([Parameter("x", .double)], result: .double, sql: { $1.call("sum", $0[0]) }) {
          CellState<DoubleSum>(.double)
        },
        .init([Parameter("x", .duration)], result: .duration, sql: whole) { CellState<WholeSum>(.duration) },
      ], display: .argument(0), examples: [Example("sum(x)", "3", over: [input])]),
    AggregateFunction(
      "avg", "The average of the values, of conditions the share that is true; null when there are none.",
      [
        .init([Parameter("x", .integer)], result: .double, sql: mean) { CellState<WholeMean>(.double) },
        .init([Parameter("x", .double)], result: .double, sql: mean) { CellState<DoubleMean>(.double) },
        .init(
          [Parameter("x", .duration)], result: .duration,
          sql: { sql, rows in
            let (sum, count) = (rows.call("sum", sql[0]), rows.call("count", sql[0]))
            return "((\(sum) + sign(\(sum)) * (\(count) // 2)) // nullif(\(count), 0))::bigint"
          }
        ) { CellState<DurationMean>(.duration) },
        .init(
          [Parameter("condition", .boolean)], result: .double,
          sql: { sql, rows in
            let (sum, count) = (rows.call("count", "nullif(\(sql[0]), false)"), rows.call("count", sql[0]))
            return "\(sum)::double / nullif(\(count), 0)"
          }
        ) { CellState<Share>(.double) },
      ], display: .argument(0),
      examples: [Example("avg(x)", "1.5", over: [input]), Example("avg(x = 1)", "0.5", over: [input])]),
  ]

  /// SQL sums integers as wider ones, and refuses what does not fit.
  private static let whole: SQLAggregateTemplate = { "\($1.call("sum", $0[0]))::bigint" }
  private static let mean: SQLAggregateTemplate = { sql, rows in
    "\(rows.call("sum", sql[0]))::double / nullif(\(rows.call("count", sql[0])), 0)"
  }

  private static let input = Example.Input("x", .integer, [.integer(1), .integer(2), .null])
}

/// An exact sum, which is checked for its size only at the end: the order of the rows does not matter.
private struct WholeTotal {
  private(set) var sum: Int128 = 0
  private(set) var count: Int64 = 0

  mutating func add(_ value: Int64) {
    sum &+= Int128(value)
    count &+= 1
  }

  @inline(__always) mutating func add(_ value: Int64, validity: UInt8) {
    sum &+= Int128(value & -Int64(validity))
    count &+= Int64(validity)
  }

  mutating func merge(_ later: WholeTotal) {
    sum &+= later.sum
    count += later.count
  }
}

extension Double {
  /// The number, or zero where its byte of validity is 0: added to a sum that began with zero it changes no bit of it.
  @inline(__always) fileprivate func masked(_ validity: UInt8) -> Double {
    Double(bitPattern: bitPattern & (0 &- UInt64(validity)))
  }
}

private struct WholeSum: Cell {
  private var total = WholeTotal()

  mutating func add(_ value: Int64) { total.add(value) }
  mutating func add(_ value: Int64, validity: UInt8) { total.add(value, validity: validity) }
  mutating func merge(_ later: WholeSum) { total.merge(later.total) }

  func result() throws -> Int64? {
    guard total.count > 0 else { return nil }
    guard let sum = Int64(exactly: total.sum) else {
      throw EvaluationError(
        "the sum \(total.sum) does not fit a 64-bit integer", hints: ["sum doubles: sum(cast(x as double))"])
    }
    return sum
  }
}

private struct WholeMean: Cell {
  private var total = WholeTotal()

  mutating func add(_ value: Int64) { total.add(value) }
  mutating func add(_ value: Int64, validity: UInt8) { total.add(value, validity: validity) }
  mutating func merge(_ later: WholeMean) { total.merge(later.total) }
  func result() -> Double? { total.count == 0 ? nil : Double(total.sum) / Double(total.count) }
}

private struct DurationMean: Cell {
  private var total = WholeTotal()

  mutating func add(_ value: Int64) { total.add(value) }
  mutating func add(_ value: Int64, validity: UInt8) { total.add(value, validity: validity) }
  mutating func merge(_ later: DurationMean) { total.merge(later.total) }

  /// Rounded to a whole microsecond, half away from zero.
  func result() -> Int64? {
    guard total.count > 0 else { return nil }
    let count = Int128(total.count)
    let half = total.sum < 0 ? -(count / 2) : count / 2
    return Int64(truncatingIfNeeded: (total.sum + half) / count)
  }
}

private struct DoubleSum: Cell {
  private var sum = 0.0
  /// 1 once there was a value.
  private var hasValue: UInt8 = 0

  mutating func add(_ value: Double) {
    sum += value
    hasValue = 1
  }

  @inline(__always) mutating func add(_ value: Double, validity: UInt8) {
    sum += value.masked(validity)
    hasValue |= validity
  }

  mutating func merge(_ later: DoubleSum) {
    guard later.hasValue != 0 else { return }
    sum += later.sum
    hasValue = 1
  }

  func result() -> Double? { hasValue == 0 ? nil : sum }
}

private struct DoubleMean: Cell {
  private var sum = 0.0
  private var count: Int64 = 0

  mutating func add(_ value: Double) {
    sum += value
    count &+= 1
  }

  @inline(__always) mutating func add(_ value: Double, validity: UInt8) {
    sum += value.masked(validity)
    count &+= Int64(validity)
  }

  mutating func merge(_ later: DoubleMean) {
    sum += later.sum
    count += later.count
  }

  func result() -> Double? { count == 0 ? nil : sum / Double(count) }
}

private struct Share: Cell {
  private var trueCount: Int64 = 0
  private var count: Int64 = 0

  mutating func add(_ value: UInt8) {
    trueCount &+= Int64(value)
    count &+= 1
  }

  mutating func merge(_ later: Share) {
    trueCount += later.trueCount
    count += later.count
  }

  func result() -> Double? { count == 0 ? nil : Double(trueCount) / Double(count) }
}
