import Planning
import Values

/// A join that keeps right rows without a partner: they come last. A full join keeps left ones too.
struct OuterJoin {
  private let join: JoinPlan
  private let left: Table
  private let right: Table
  private let inputs: ExecutionInputs
  private let functions: FunctionLibrary

  init(
    _ join: JoinPlan, left: Table, right: Table, _ inputs: ExecutionInputs, _ functions: FunctionLibrary
  ) {
    self.join = join
    self.left = left
    self.right = right
    self.inputs = inputs
    self.functions = functions
  }

  func table() throws -> Table {
    var (leftRows, rightRows) = try pairs()
    var isMatched = [Bool](repeating: false, count: right.count)
    for row in rightRows { isMatched[Int(row)] = true }
    if join.kind == .full {
      (leftRows, rightRows) = JoinOperator.completed(leftRows, rightRows, 0..<left.count)
    }
    for row in 0..<right.count where !isMatched[row] {
      leftRows.append(-1)
      rightRows.append(Int32(truncatingIfNeeded: row))
    }
    let evaluator = TableEvaluator(both(leftRows, rightRows), inputs, functions)
    return Table(
      schema: join.output.map(\.field), columns: try join.output.map { try evaluator.column($0.expression) },
      count: leftRows.count)
  }

  /// The rows that belong together, in the order of the left side.
  private func pairs() throws -> ([Int32], [Int32]) {
    let rightEvaluator = TableEvaluator(right, inputs, functions)
    let index = JoinIndex(right, keys: try join.rightKeys.map { try rightEvaluator.column($0) })
    let leftEvaluator = TableEvaluator(left, inputs, functions)
    var probe = index.makeProbe()
    let groups = probe.groups(of: try join.leftKeys.map { try leftEvaluator.column($0) }, count: left.count)
    var leftRows: [Int32] = []
    var rightRows: [Int32] = []
    for row in 0..<left.count {
      for partner in 0..<index.partnerCount(groups[row]) {
        leftRows.append(Int32(truncatingIfNeeded: row))
        rightRows.append(index.partner(groups[row], partner))
      }
      try inputs.limits.check(bytes: leftRows.count * 8)
    }
    guard let condition = join.condition, !leftRows.isEmpty else { return (leftRows, rightRows) }
    let evaluator = TableEvaluator(both(leftRows, rightRows), inputs, functions)
    guard let kept = try evaluator.rows(where: condition) else { return (leftRows, rightRows) }
    return (leftRows.gathered(kept), rightRows.gathered(kept))
  }

  /// Pairs of rows as one table; -1 stands for no row.
  private func both(_ leftRows: [Int32], _ rightRows: [Int32]) -> Table {
    Table(
      schema: left.schema + right.schema,
      columns: left.columns.map { $0.gatheredOrNull(leftRows) }
        + right.columns.map { $0.gatheredOrNull(rightRows) },
      count: leftRows.count)
  }
}
