import Values

/// Exact quantiles, interpolated between the two nearest values.
///
/// Source of the interpolation: R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages" (1996),
/// type 7.
enum Quantiles {
  static let functions: [AggregateFunction] = [
    AggregateFunction(
      "median", "The middle value, or the average of the two middle ones.",
      types.map { type, result in
        .init(
          [Parameter("x", type)], result: result, sql: { quantile(0.5, of: $0[0], $1, result) }
        ) { QuantileState(type, result, share: 0.5) }
      }, display: .argument(0), examples: [Example("median(x)", "2.5", over: [x])]),
    AggregateFunction(
      "quantile",
      "The value that a share of the values, from 0 to 1, lies below, interpolated between neighbours.",
      types.map { type, result in
        .init(
          [Parameter("x", type), Parameter("share", .double, .constant)], result: result,
          sql: { sql, rows in
            guard case .double(let share)? = sql.constant(1), (0...1).contains(share), rows.takesEach
            else { return nil }
            return quantile(share, of: sql[0], rows, result)
          }
        ) {
          QuantileState(type, result, share: nil)
        }
      }, display: .argument(0), examples: [Example("quantile(x, 0.9)", "3.7", over: [x])]),
  ]

  /// Interpolated by ourselves, since SQL computes with times as with doubles.
  private static func quantile(
    _ share: Double, of value: String, _ rows: SQLAggregation, _ result: ScalarType
  ) -> String {
    let list = "list_sort(\(rows.call("list", value, where: "\(value) is not null")))"
    let place = "((len(\(list)) - 1) * \(share)::double)"
    let low = "\(list)[floor(\(place))::bigint + 1]"
    let high = "\(list)[least(floor(\(place))::bigint + 2, len(\(list)))]"
    let part = "(\(place) - floor(\(place)))"
    if result != .double {
      return "(\(low) + round((\(high)::double - \(low)::double) * \(part))::bigint)::bigint"
    }
    let (a, b) = ("\(low)::double", "\(high)::double")
    return "case when \(part) = 0 or \(a) = \(b) then \(a) else \(a) + (\(b) - \(a)) * \(part) end"
  }

  private static let x = Example.Input("x", .integer, [4, 1, 3, 2].map { .integer($0) })

  private static let types: [(ScalarType, ScalarType)] = [
    (.integer, .double), (.double, .double), (.duration, .duration), (.timestamp, .timestamp),
  ]
}

private final class QuantileState: AggregateState {
  private let type: ScalarType
  private let resultType: ScalarType
  /// Known from the start, or from the first batch.
  private var share: Double?
  private var values: CollectedValues
  /// Whether another state collects the values.
  private var isReader = false

  init(_ type: ScalarType, _ resultType: ScalarType, share: Double?) {
    self.type = type
    self.resultType = resultType
    self.share = share
    values = CollectedValues(type)
  }

  var bytes: Int { isReader ? 0 : values.bytes }

  func grow(to groupCount: Int) {
    if !isReader { values.grow(to: groupCount) }
  }

  func readsRows(of other: any AggregateState) -> Bool {
    guard let other = other as? QuantileState, other.type == type else { return false }
    values = other.values
    isReader = true
    return true
  }

  func update(groups: [UInt32], operands: [Operand]) throws {
    guard !groups.isEmpty else { return }
    if operands.count > 1 {
      guard case .double(let wanted) = operands[1].scalar(0) else { return }
      guard wanted >= 0, wanted <= 1 else {
        throw EvaluationError(
          "the share of a quantile lies between 0 and 1, not \(ValueFormatter.machine(.double(wanted)))")
      }
      share = wanted
    }
    if !isReader { values.take(operands[0], groups: groups) }
  }

  func merge(_ later: any AggregateState, mapping: [UInt32]) {
    let later = sameState(later)
    share = share ?? later.share
    if !isReader { values.merge(later.values, mapping: mapping) }
  }

  func finish() -> Column {
    var scalars: [Scalar] = []
    values.forEachGroup { values in
      guard values.count > 0, let share else {
        scalars.append(.null)
        return
      }
      let place = Double(values.count - 1) * share
      let low = min(Int(place), values.count - 1)
      let pair = values.pair(at: low)
      scalars.append(between(pair.0, pair.1, place - Double(low)))
    }
    return Column(resultType, scalars)
  }

  private func between(_ low: Int64, _ high: Int64, _ share: Double) -> Scalar {
    if resultType != .double {
      let step = ((Double(high) - Double(low)) * share).rounded()
      return Scalar(integral: low &+ (Int64(exactly: step) ?? 0), as: resultType)
    }
    let (a, b) =
      type == .double
      ? (SortableDouble.value(low), SortableDouble.value(high)) : (Double(low), Double(high))
    // Equal neighbours may be infinite.
    return .double(share == 0 || a == b ? a : a + (b - a) * share)
  }
}
