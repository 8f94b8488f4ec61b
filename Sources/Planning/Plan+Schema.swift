import Values

extension Plan {
  /// The columns of the result.
  public var schema: Schema {
    switch self {
    case .events(let events): events.schema
    case .relation(_, let schema): schema
    case .filter(let input, _), .sort(let input, _), .limit(let input, _, _), .distinct(let input):
      input.schema
    case .extend(let input, let added): input.schema + added.map(\.field)
    case .project(_, let columns): columns.map(\.field)
    case .windows(let input, let calls): input.schema + calls.map(\.field)
    case .activity(let activity): activity.schema
    case .aggregate(_, let keys, let calls): keys.map(\.field) + calls.map(\.field)
    case .attribute(let attribution): attribution.schema
    case .join(let join): join.output.map(\.field)
    case .union(let inputs): inputs.first?.schema ?? []
    case .funnel(let funnel): funnel.schema
    case .lifecycle(let lifecycle): lifecycle.schema
    case .retention(let retention): retention.schema
    case .sessions(let sessions): sessions.schema
    case .paths(let paths): paths.schema
    }
  }

  /// Where the result is still a log, in the order (entity, time, sequence): its entity, time and event.
  public var log: LogColumns? {
    switch self {
    case .events(let events): return events.log
    case .filter(let input, _), .extend(let input, _), .windows(let input, _): return input.log
    case .sessions(let sessions): return sessions.input.log
    case .project(let input, let columns):
      guard let log = input.log else { return nil }
      func position(of column: Int) -> Int? {
        columns.firstIndex {
          if case .column(column, _) = $0.expression { true } else { false }
        }
      }
      guard let entity = position(of: log.entity), let time = position(of: log.time) else { return nil }
      return LogColumns(entity: entity, time: time, event: log.event.flatMap(position))
    case .join(let join):
      // Each row keeps its place where the left side is a log and no rows of the right come alone.
      guard join.kind != .right, join.kind != .full, let log = join.left.log else { return nil }
      func position(of column: Int) -> Int? {
        join.output.firstIndex {
          if case .column(column, _) = $0.expression { true } else { false }
        }
      }
      guard let entity = position(of: log.entity), let time = position(of: log.time) else { return nil }
      return LogColumns(entity: entity, time: time, event: log.event.flatMap(position))
    case .relation, .activity, .aggregate, .attribute, .sort, .limit, .distinct, .union, .funnel, .lifecycle,
      .paths, .retention:
      return nil
    }
  }

  /// The plans that the operator reads.
  public var inputs: [Plan] {
    switch self {
    case .events, .relation: []
    case .filter(let input, _), .extend(let input, _), .project(let input, _), .windows(let input, _),
      .aggregate(let input, _, _), .sort(let input, _), .limit(let input, _, _), .distinct(let input):
      [input]
    case .activity(let activity): [activity.input]
    case .attribute(let attribution): [attribution.input]
    case .join(let join): [join.left, join.right]
    case .union(let inputs): inputs
    case .funnel(let funnel): [funnel.input]
    case .lifecycle(let lifecycle): [lifecycle.input]
    case .retention(let retention): [retention.input]
    case .sessions(let sessions): [sessions.input]
    case .paths(let paths): [paths.input]
    }
  }
}

extension FunnelPlan {
  /// The breakdown, then step, entities (or attempts), rate, rate_of_previous, median_time; attempts also have how
  /// many are still open: their window had not ended when the data ends.
  var schema: Schema {
    let counted =
      switch counting {
      case .entities: [Field("entities", .integer)]
      case .attempts: [Field("attempts", .integer), Field("open", .integer)]
      }
    return groups.map(\.field) + [Field("step", .text)] + counted + [
      Field("rate", .double, display: .percent(decimals: 1)),
      Field("rate_of_previous", .double, display: .percent(decimals: 1)),
      Field("median_time", .duration),
    ]
  }
}

extension RetentionPlan {
  /// The breakdown, then cohort, period, eligible, retained, rate.
  var schema: Schema {
    let cohort: Field = unit == .hour ? Field("cohort", .timestamp) : Field("cohort", .date)
    return groups.map(\.field) + [
      cohort, Field("period", .integer), Field("eligible", .integer), Field("retained", .integer),
      Field("rate", .double, display: .percent(decimals: 1)),
    ]
  }
}

extension SessionsPlan {
  /// The input's columns, then session_id, session_start, session_position (from 1), session_duration.
  var schema: Schema {
    input.schema + [
      Field("session_id", .text), Field("session_start", .timestamp),
      Field("session_position", .integer, display: .plain), Field("session_duration", .duration),
    ]
  }
}
