import Planning
import Values

extension Lowering {
  mutating func join(_ join: JoinPlan) throws(SQLRefusal) -> Rows {
    let (left, right) = (try rows(join.left), try rows(join.right))
    let (leftColumns, rightColumns) = (left.columns(of: "l"), right.columns(of: "r"))
    let both = leftColumns + rightColumns
    var conditions: [String] = []
    for (a, b) in zip(join.leftKeys, join.rightKeys) {
      conditions.append("\(try operand(a, leftColumns)) = \(try operand(b, rightColumns))")
    }
    if let condition = join.condition { conditions.append(try operand(condition, both)) }
    let condition = conditions.isEmpty ? "true" : conditions.joined(separator: " and ")
    let visible = join.kind == .semi || join.kind == .anti ? leftColumns : both
    let values = try sql(join.output.map(\.expression), visible)
    let schema = join.output.map(\.field)
    let order = Lowering.order
    switch join.kind {
    case .semi, .anti:
      let found = "exists (select 1 from \(right.name) r where \(condition))"
      return add(
        "join", schema, values, order: "l.\(order)",
        from: "\(left.name) l\n  where \(join.kind == .anti ? "not " : "")\(found)")
    case .inner, .left, .right, .full:
      return add(
        "join", schema, values, order: Lowering.numbered(by: ["l", "r"].map { "\($0).\(order) nulls last" }),
        from: "\(left.name) l\n  \(join.kind.rawValue) join \(right.name) r on \(condition)")
    }
  }
}
