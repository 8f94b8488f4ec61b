import Planning
import Values

extension Lowering {
  mutating func windows(_ input: Plan, _ calls: [WindowCall]) throws(SQLRefusal) -> Rows {
    guard let log = input.log else { preconditionFailure("windows are over a log") }
    let rows = try rows(input)
    let columns = rows.columns
    var values = columns
    let (entity, time) = (rows.columns[log.entity], rows.columns[log.time])
    for call in calls {
      switch call {
      case .aggregate(let aggregate, let window):
        let rows = Lowering.window(window, entity: entity, time: time)
        values.append(try sql(aggregate, columns, window: rows))
      case .neighbour(_, let expression, let offset):
        let value = try sql(expression, columns)
        let places = "over (partition by \(entity) order by \(Lowering.order))"
        values.append("\(offset < 0 ? "lag" : "lead")(\(value), \(offset.magnitude)) \(places)")
      }
    }
    return add(
      "windows", Plan.windows(input, calls).schema, values, order: Lowering.order, from: rows.name)
  }

  /// The rows of the same entity, by time alone: rows of one time are all in the window, or none is.
  private static func window(_ window: EventWindow, entity: String, time: String) -> String {
    let partition = "partition by \(entity)"
    let nearest = window.isInclusive ? 0 : 1
    switch window.kind {
    case .lifetime: return "(\(partition))"
    case .prior:
      let start = window.reach.map { "\(max(0, $0))" } ?? "unbounded"
      return "(\(partition) order by \(time) range between \(start) preceding and \(nearest) preceding)"
    case .later:
      // A reach of nothing ends before it starts.
      let end = window.reach.map { "\(max(1, $0) - 1)" } ?? "unbounded"
      return "(\(partition) order by \(time) range between \(nearest) following and \(end) following)"
    }
  }
}
