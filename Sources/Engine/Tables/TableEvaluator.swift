import Functions
import Planning
import Values

/// Computes expressions over a whole table at once.
final class TableEvaluator {
  private let table: Table
  private var graph: NodeGraph
  private let columns: [Node]
  private let batch: Batch

  init(_ table: Table, _ inputs: ExecutionInputs, _ functions: FunctionLibrary) {
    self.table = table
    var graph = NodeGraph(inputs, functions: functions)
    columns = table.schema.enumerated().map { position, field in
      graph.node(.source(position)) { SourceNode($0, position, field.type) }
    }
    self.graph = graph
    batch = Batch(.table(table), rows: 0..<table.count, entities: 0..<0)
  }

  /// The value of an expression for each row.
  func column(_ expression: Expr) throws -> Column {
    let node = graph.node(expression, over: columns)
    if table.count == 0 { return Column(expression.type, []) }
    return try batch.column(node)
  }

  /// The rows for which all parts of a condition are true; nothing for all rows.
  func rows(where condition: Expr) throws -> [Int32]? {
    let conditions = graph.conjuncts(condition, over: columns)
    if table.count == 0 { return nil }
    guard let kept = try batch.filtered(by: conditions) else { return [] }
    return kept.selection(in: batch)
  }

  /// The rows in a stable order, all or some of the first.
  func sorted(by keys: [SortPlan], _ limit: RowLimit?) throws -> Table {
    let keys = try keys.map { key in
      RowOrder.Key(
        column: try column(key.expression), isDescending: key.isDescending, nullsFirst: key.nullsFirst)
    }
    guard let limit else { return table.gathered(RowOrder.order(keys, count: table.count)) }
    let first = RowOrder.first(limit.end, by: keys, count: table.count)
    return table.gathered(Array(first.dropFirst(limit.offset)))
  }

  /// The value of an aggregate over all rows.
  func scalar(_ call: AggregateCall) throws -> Scalar {
    let aggregates = GroupedAggregates([
      CompiledAggregate(call, over: columns, entity: nil, graph: &graph)
    ])
    aggregates.grow(to: 1)
    if table.count > 0 { try aggregates.take(batch, groups: RowGroups(oneOf: table.count, starts: nil)) }
    return try aggregates.columns()[0][0]
  }
}

extension Table {
  /// The rows of tables of equal types one after another.
  static func union(_ tables: [Table], schema: Schema, limits: ExecutionLimits) throws -> Table {
    let count = tables.reduce(0) { $0 + $1.count }
    var collectors = schema.map { ColumnCollector($0.type, capacity: count) }
    for table in tables {
      for (index, column) in table.columns.enumerated() { collectors[index].append(column) }
      try limits.check(bytes: collectors.reduce(0) { $0 + $1.bytes })
    }
    return Table(
      schema: schema, columns: zip(schema, collectors).map { $1.column(as: $0.type) }, count: count)
  }
}
