import Planning
import Values

extension Lowering {
  mutating func sort(_ input: Plan, _ keys: [SortPlan]) throws(SQLRefusal) -> Rows {
    let rows = try rows(input)
    var texts: [String] = []
    for key in keys {
      // A constant would be taken for a position.
      if case .literal = key.expression { continue }
      let value = try operand(key.expression, rows.columns)
      texts.append(
        "\(value) \(key.isDescending ? "desc" : "asc") nulls \(key.nullsFirst ? "first" : "last")")
    }
    return add(
      "sorted", input.schema, rows.columns, order: Lowering.numbered(by: texts + [Lowering.order]),
      from: rows.name)
  }

  mutating func limit(_ input: Plan, count: Int64, offset: Int64) throws(SQLRefusal) -> Rows {
    let rows = try rows(input)
    let text =
      "select *\n  from \(rows.name)\n  order by \(Lowering.order)\n  limit \(max(0, count)) offset \(max(0, offset))"
    return Rows(name: add("limited", text), columns: rows.columns)
  }

  mutating func union(_ inputs: [Plan]) throws(SQLRefusal) -> Rows {
    let schema = Plan.union(inputs).schema
    let names = Lowering.names(of: schema)
    var parts: [String] = []
    for (part, input) in inputs.enumerated() {
      let rows = try rows(input)
      let columns = zip(rows.columns, names).map { "\($0) as \($1)" }
      let places = ["\(part) as part", "\(Lowering.order) as place"]
      parts.append("select \((columns + places).joined(separator: ", ")) from \(rows.name)")
    }
    let all = add("parts", parts.joined(separator: "\n  union all\n  "))
    return add(
      "union", schema, names, order: Lowering.numbered(by: ["\(all).part", "\(all).place"]), from: all)
  }
}
