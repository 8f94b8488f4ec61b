import Syntax
import Values

extension Plan {
  /// The plan as an indented tree, the last step first, each input below what reads it.
  ///
  /// - Parameter note: what is known about a plan beyond itself, such as how many rows a log has.
  public func description(note: (Plan) -> String? = { _ in nil }) -> String {
    lines(note).joined(separator: "\n")
  }

  private func lines(_ note: (Plan) -> String?) -> [String] {
    let own = summary + (note(self).map { "  -- \($0)" } ?? "")
    return [own] + inputs.flatMap { $0.lines(note).map { "  " + $0 } }
  }

  /// The operator and what it does, without its inputs.
  private var summary: String {
    switch self {
    case .events(let events):
      guard let names = events.names else { return "events of \(events.source)" }
      if names.isEmpty { return "no events of \(events.source)" }
      let list = names.map { "'\($0.string.replacing("'", with: "''"))'" }.joined(separator: ", ")
      return "events \(list) of \(events.source)"
    case .relation(let name, let schema):
      return "table \(name) (\(schema.map(\.name).joined(separator: ", ")))"
    case .filter(let input, let condition): return "where \(condition.text(input.schema))"
    case .extend(let input, let added): return "extend \(Plan.list(added, input.schema))"
    case .project(let input, let columns): return "select \(Plan.list(columns, input.schema))"
    case .windows(let input, let calls):
      return "windows \(calls.map { $0.text(input.schema) }.joined(separator: ", "))"
    case .activity(let activity):
      let window = activity.windowDays.map { " over \($0 == 1 ? "1 day" : "\($0) days")" } ?? ""
      return "activity each \(activity.unit.rawValue)\(window)\(Plan.from(activity.from))"
        + Plan.groups(activity.groups, activity.input.schema)
    case .aggregate(let input, let keys, let calls):
      let results = calls.map { "\($0.text(input.schema)) as \($0.field.name)" }.joined(separator: ", ")
      return "aggregate \(results)\(Plan.groups(keys, input.schema))"
    case .attribute(let attribution):
      let schema = attribution.input.schema
      let within = attribution.within.map { " within \(DurationUnit.written($0))" } ?? ""
      let value = attribution.value.map { " value \(Plan.list([$0], schema))" } ?? ""
      return
        "attribute \(attribution.touch.text(schema)) to \(attribution.conversion.text(schema))\(within) "
        + "by \(attribution.model.text) credit \(Plan.list([attribution.credit], schema))\(value)"
        + Plan.from(attribution.from) + Plan.groups(attribution.groups, schema)
    case .sort(let input, let keys):
      let texts = keys.map { key in
        key.expression.text(input.schema) + (key.isDescending ? " desc" : "")
          + (key.nullsFirst ? " nulls first" : "")
      }
      return "order by \(texts.joined(separator: ", "))"
    case .limit(_, let count, let offset): return "limit \(count)\(offset == 0 ? "" : " offset \(offset)")"
    case .distinct: return "distinct"
    case .join(let join):
      let keys = zip(join.leftKeys, join.rightKeys).map {
        "\($0.text(join.left.schema)) = \($1.text(join.right.schema))"
      }
      let rest = join.condition.map { [$0.text(join.left.schema + join.right.schema)] } ?? []
      return "\(join.kind.rawValue) join on \((keys + rest).joined(separator: " and "))"
    case .union(let inputs): return "union of \(inputs.count)"
    case .funnel(let funnel):
      let steps = funnel.steps.map { "\($0.condition.text(funnel.input.schema)) as \($0.name)" }
      let within = funnel.within.map { " within \(DurationUnit.written($0))" } ?? ""
      return "funnel \(steps.joined(separator: ", "))\(within)"
        + Plan.groups(funnel.groups, funnel.input.schema)
    case .lifecycle(let lifecycle):
      return "lifecycle each \(lifecycle.unit.rawValue)\(Plan.from(lifecycle.from))"
        + Plan.groups(lifecycle.groups, lifecycle.input.schema)
    case .retention(let retention):
      let schema = retention.input.schema
      return
        "retention start \(retention.start.text(schema)), return \(retention.comeback.text(schema)) each "
        + "\(retention.unit.rawValue) for \(retention.periods)"
    case .sessions(let sessions): return "sessions gap \(DurationUnit.written(sessions.gap))"
    case .paths(let paths): return paths.summary
    }
  }

  private static func groups(_ items: [NamedExpr], _ schema: Schema) -> String {
    items.isEmpty ? "" : " group by \(list(items, schema))"
  }

  /// From when on rows are looked at, where that is not from the beginning.
  private static func from(_ time: Int64?) -> String {
    time.map { " from \(Expr.literal(.timestamp($0), .timestamp).text([]))" } ?? ""
  }

  private static func list(_ items: [NamedExpr], _ schema: Schema) -> String {
    items.map { item in
      let text = item.expression.text(schema)
      return text == item.field.name ? text : "\(text) as \(item.field.name)"
    }.joined(separator: ", ")
  }
}

extension AttributionPlan.Model {
  /// The model in words.
  fileprivate var text: String {
    switch self {
    case .last: "last"
    case .first: "first"
    case .linear: "linear"
    case .position: "position"
    case .timeDecay(let halfLife): "time decay half life \(DurationUnit.written(halfLife))"
    case .participation: "participation"
    }
  }
}

extension WindowCall {
  /// The call as it would be written over a schema.
  func text(_ schema: Schema) -> String {
    switch self {
    case .aggregate(let call, over: let window):
      let words = [window.kind.rawValue] + (window.reach.map { [DurationUnit.written($0)] } ?? [])
      let rows = (words + (window.isInclusive ? ["inclusive"] : [])).joined(separator: " ")
      return "\(call.text(schema)) over \(rows.contains(" ") ? "(\(rows))" : rows)"
    case .neighbour(_, let value, let offset):
      let distance = offset.magnitude == 1 ? "" : ", \(offset.magnitude)"
      return "\(offset <= 0 ? "lag" : "lead")(\(value.text(schema))\(distance))"
    }
  }
}

extension AggregateCall {
  /// The call as it would be written over a schema.
  func text(_ schema: Schema) -> String {
    let list = arguments.map { $0.text(schema) }.joined(separator: ", ")
    let inner = arguments.isEmpty ? "*" : (isDistinct ? "distinct " : "") + list
    return "\(function)(\(inner))" + (filter.map { " filter (where \($0.text(schema)))" } ?? "")
  }
}

extension Expr {
  /// The expression as it would be written over a schema.
  public func text(_ schema: Schema) -> String {
    switch self {
    case .column(let position, _):
      return schema.indices.contains(position) ? schema[position].name : "#\(position)"
    case .literal(let scalar, _): return Expr.text(of: scalar)
    case .call(let name, _, let arguments, _):
      let texts = arguments.map { argument in
        let text = argument.text(schema)
        guard case .call(let inner, _, _, _) = argument,
          !inner.isWord || ["and", "or", "not"].contains(inner)
        else { return text }
        return "(\(text))"
      }
      switch (name, texts.count) {
      case ("not", 1), ("unary -", 1): return "\(name == "not" ? "not " : "-")\(texts[0])"
      case ("is null", 1), ("is not null", 1): return "\(texts[0]) \(name)"
      case (_, 2) where !name.isWord || ["and", "or", "like"].contains(name):
        return "\(texts[0]) \(name) \(texts[1])"
      default: return "\(name)(\(arguments.map { $0.text(schema) }.joined(separator: ", ")))"
      }
    case .conditional(let branches, let otherwise, _):
      let parts = branches.map { "when \($0.condition.text(schema)) then \($0.value.text(schema))" }
      return "case \(parts.joined(separator: " "))\(otherwise.map { " else \($0.text(schema))" } ?? "") end"
    case .coalesce(let values, _):
      return "coalesce(\(values.map { $0.text(schema) }.joined(separator: ", ")))"
    case .isIn(let value, let options, let orNull):
      let list = options.map { Expr.text(of: $0) } + (orNull ? ["null"] : [])
      return "\(value.text(schema)) in (\(list.joined(separator: ", ")))"
    }
  }

  private static func text(of scalar: Scalar) -> String {
    switch scalar {
    case .null: "null"
    case .text(let text): "'\(text.replacing("'", with: "''"))'"
    case .timestamp: "timestamp '\(ValueFormatter.text(scalar, .automatic, timeZone: .utc))'"
    case .date: "date '\(ValueFormatter.text(scalar, .automatic, timeZone: .utc))'"
    case .duration(let microseconds): DurationUnit.written(microseconds)
    case .boolean, .integer, .double: ValueFormatter.machine(scalar)
    }
  }
}

extension String {
  /// Whether a function's name is a word and not an operator's sign.
  fileprivate var isWord: Bool { allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }
}
