import Planning
import Values

extension Lowering {
  mutating func filter(_ input: Plan, _ condition: Expr) throws(SQLRefusal) -> Rows {
    let rows = try rows(input)
    let condition = try sql(condition, rows.columns)
    let text = "select *\n  from \(rows.name)\n  where \(condition)"
    return Rows(name: add("where", text), columns: rows.columns)
  }

  mutating func extend(_ input: Plan, _ added: [NamedExpr]) throws(SQLRefusal) -> Rows {
    let rows = try rows(input)
    let values = rows.columns + (try sql(added.map(\.expression), rows.columns))
    return add(
      "extend", Plan.extend(input, added).schema, values, order: Lowering.order, from: rows.name)
  }

  mutating func project(_ input: Plan, _ columns: [NamedExpr]) throws(SQLRefusal) -> Rows {
    let rows = try rows(input)
    let values = try sql(columns.map(\.expression), rows.columns)
    return add("select", columns.map(\.field), values, order: Lowering.order, from: rows.name)
  }
}
