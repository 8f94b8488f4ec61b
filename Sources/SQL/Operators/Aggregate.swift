import Planning
import Values

extension Lowering {
  mutating func aggregate(
    _ input: Plan, _ keys: [NamedExpr], _ calls: [AggregateCall]
  ) throws(SQLRefusal) -> Rows {
    let schema = Plan.aggregate(input, keys: keys, calls).schema
    var rows = try rows(input)
    var columns = rows.columns
    if !keys.isEmpty {
      // Keys are columns first: SQL would take a constant for a position.
      let keyed = input.schema + keys.map(\.field)
      let values = columns + (try sql(keys.map(\.expression), columns))
      rows = add("keys", keyed, values, order: Lowering.order, from: rows.name)
      columns = rows.columns
    }
    let names = Array(columns.dropFirst(input.schema.count))
    var values = names
    for call in calls { values.append(try sql(call, columns)) }
    guard !keys.isEmpty else { return add("aggregate", schema, values, order: "1", from: rows.name) }
    return add(
      "aggregate", schema, values, order: Lowering.numbered(by: names.map { "\($0) nulls last" }),
      from: "\(rows.name)\n  group by \(names.joined(separator: ", "))")
  }

  mutating func distinct(_ input: Plan) throws(SQLRefusal) -> Rows {
    let rows = try rows(input)
    guard !rows.columns.isEmpty else { return try limit(input, count: 1, offset: 0) }
    return add(
      "distinct", input.schema, rows.columns,
      order: Lowering.numbered(by: rows.columns.map { "\($0) nulls last" }),
      from: "\(rows.name)\n  group by \(rows.list)")
  }
}
