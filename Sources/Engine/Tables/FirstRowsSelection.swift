import Planning
import Values

/// Leaves of tables that are parts of one, in its order, the rows that can come first in it.
struct FirstRowsSelection {
  private let rows: FirstRows
  private let inputs: ExecutionInputs
  private let functions: FunctionLibrary

  init(_ rows: FirstRows, _ graph: NodeGraph) {
    self.rows = rows
    inputs = ExecutionInputs(context: graph.context, limits: graph.limits)
    functions = graph.functions
  }

  /// In their order, or else all rows in that of the part: either way equal rows are in the order of the part.
  func rows(of part: Table) throws -> Table {
    guard rows.count < part.count else { return part }
    return try TableEvaluator(part, inputs, functions)
      .sorted(by: rows.keys, RowLimit(count: rows.count, offset: 0))
  }
}

extension Demand {
  /// What leaves the rows that are read; nothing where all are.
  func selection(_ graph: NodeGraph) -> FirstRowsSelection? {
    firstRows.map { FirstRowsSelection($0, graph) }
  }
}
