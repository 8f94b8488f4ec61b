import Statistics
import Values

/// Variances, deviations, covariances and correlation.
enum Spread {
  static let functions: [AggregateFunction] = [
    spread("variance", "The sample variance, null of fewer than two values.", "1", \.sampleVariance),
    spread("var_samp", "The sample variance, null of fewer than two values.", "1", \.sampleVariance),
    spread("var_pop", "The population variance.", "0.6666666666666666", \.populationVariance),
    deviation(
      "stddev", "The sample standard deviation, null of fewer than two values.", "1", \.sampleVariance),
    deviation(
      "stddev_samp", "The sample standard deviation, null of fewer than two values.", "1", \.sampleVariance),
    deviation("stddev_pop", "The population standard deviation.", "0.816496580927726", \.populationVariance),
    pair(
      "covar_samp", "The sample covariance of two columns' pairs, null of fewer than two.", "2",
      \.sampleCovariance),
    pair(
      "covar_pop", "The population covariance of two columns' pairs.", "1.3333333333333333",
      \.populationCovariance),
    pair(
      "corr", "Pearson's correlation of two columns' pairs, null where one does not vary.", "1", \.correlation
    ),
  ]

  private static let x = Example.Input("x", .double, [.double(1), .double(2), .double(3), .null])
  private static let y = Example.Input("y", .double, [.double(2), .double(4), .double(6), .double(9)])

  /// SQL refuses what is not finite, or takes it for nothing; ours is then not a number.
  private static func sql(_ name: String, _ sql: SQLOperands, _ rows: SQLAggregation) -> String {
    let operands = (0..<sql.count).map { sql[$0] }
    let isFinite = operands.map { "isfinite(\($0))" }.joined(separator: " and ")
    let isGiven = operands.map { "\($0) is not null" }.joined(separator: " and ")
    let count = rows.call("count", operands[0], where: isGiven)
    let isNumber = rows.anyCall("bool_and", isFinite, where: isGiven)
    let nothing = "case when \(count) > \(name.hasSuffix("pop") ? 0 : 1) then 'nan'::double end"
    return "case when \(isNumber) then \(rows.call(name, sql.list, where: isFinite)) else \(nothing) end"
  }

  private static func spread(
    _ name: String, _ summary: String, _ result: String, _ value: KeyPath<Moments, Double?> & Sendable
  ) -> AggregateFunction {
    AggregateFunction(
      name, summary,
      [
        .init([Parameter("x", .double)], result: .double, sql: { sql(name, $0, $1) }) {
          MomentsState { $0[keyPath: value] }
        }
      ],
      examples: [Example("\(name)(x)", result, over: [x])])
  }

  private static func deviation(
    _ name: String, _ summary: String, _ result: String, _ variance: KeyPath<Moments, Double?> & Sendable
  ) -> AggregateFunction {
    AggregateFunction(
      name, summary,
      [
        .init([Parameter("x", .double)], result: .double, sql: { sql(name, $0, $1) }) {
          MomentsState { $0[keyPath: variance]?.squareRoot() }
        }
      ], display: .argument(0), examples: [Example("\(name)(x)", result, over: [x])])
  }

  private static func pair(
    _ name: String, _ summary: String, _ result: String, _ value: KeyPath<PairMoments, Double?> & Sendable
  ) -> AggregateFunction {
    AggregateFunction(
      name, summary,
      [
        .init(
          [Parameter("x", .double), Parameter("y", .double)], result: .double,
          sql: { sql, rows in
            guard rows.takesEach else { return nil }
            guard name == "corr" else { return self.sql(name, sql, rows) }
            // Without variation SQL divides traces of rounding by each other.
            let isGiven = "\(sql[0]) is not null and \(sql[1]) is not null"
            let isFinite = "isfinite(\(sql[0])) and isfinite(\(sql[1]))"
            let varies = [sql[0], sql[1]].map { value in
              "\(rows.call("min", value, where: isGiven)) < \(rows.call("max", value, where: isGiven))"
            }
            let conditions = [rows.call("bool_and", isFinite, where: isGiven)] + varies
            return "case when \(conditions.joined(separator: " and ")) "
              + "then \(rows.call(name, sql.list, where: isFinite)) end"
          }
        ) {
          PairMomentsState { $0[keyPath: value] }
        }
      ], examples: [Example("\(name)(x, y)", result, over: [x, y])])
  }
}

/// Moments of each group's values.
private final class MomentsState: AggregateState {
  private var cells = ContiguousArray<Moments>()
  private let result: (Moments) -> Double?

  init(_ result: @escaping (Moments) -> Double?) { self.result = result }

  var bytes: Int { cells.count * MemoryLayout<Moments>.stride }

  func grow(to groupCount: Int) {
    guard groupCount > cells.count else { return }
    cells.append(contentsOf: repeatElement(Moments(), count: groupCount - cells.count))
  }

  func update(groups: [UInt32], operands: [Operand]) {
    let x = Lane<Double>(operands[0])
    let validity = jointValidity(operands, groups.count)
    cells.withUnsafeMutableBufferPointer { cells in
      for row in groups.indices where validity == nil || validity?[row] == 1 {
        cells[Int(groups[row])].add(x[row])
      }
    }
  }

  func merge(_ later: any AggregateState, mapping: [UInt32]) {
    let later = sameState(later)
    for (group, target) in mapping.enumerated() { cells[Int(target)].merge(later.cells[group]) }
  }

  func finish() -> Column { column(of: cells, as: .double, result) }
}

/// Moments of each group's pairs; a pair with a null is passed over.
private final class PairMomentsState: AggregateState {
  private var cells = ContiguousArray<PairMoments>()
  private let result: (PairMoments) -> Double?

  init(_ result: @escaping (PairMoments) -> Double?) { self.result = result }

  var bytes: Int { cells.count * MemoryLayout<PairMoments>.stride }

  func grow(to groupCount: Int) {
    guard groupCount > cells.count else { return }
    cells.append(contentsOf: repeatElement(PairMoments(), count: groupCount - cells.count))
  }

  func update(groups: [UInt32], operands: [Operand]) {
    let (x, y) = (Lane<Double>(operands[0]), Lane<Double>(operands[1]))
    let validity = jointValidity(operands, groups.count)
    cells.withUnsafeMutableBufferPointer { cells in
      for row in groups.indices where validity == nil || validity?[row] == 1 {
        cells[Int(groups[row])].add(x[row], y[row])
      }
    }
  }

  func merge(_ later: any AggregateState, mapping: [UInt32]) {
    let later = sameState(later)
    for (group, target) in mapping.enumerated() { cells[Int(target)].merge(later.cells[group]) }
  }

  func finish() -> Column { column(of: cells, as: .double, result) }
}
