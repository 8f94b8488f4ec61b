import EventStore
import Functions
import Planning
import Values

@testable import Engine

/// Runs plans row by row over plain values, slowly and in the plainest way.
struct Oracle {
  let log: EventLog
  var tables: [String: Table] = [:]
  let context: EvaluationContext

  typealias Row = [Scalar]

  func rows(_ plan: Plan) throws -> [Row] {
    switch plan {
    case .events: return logRows()
    case .relation(let name, _):
      let table = tables[name]
      return (0..<(table?.count ?? 0)).map { table?.row($0) ?? [] }
    case .filter(let input, let condition):
      return try rows(input).filter { try value(condition, $0) == .boolean(true) }
    case .extend(let input, let added):
      return try rows(input).map { row in row + (try added.map { try value($0.expression, row) }) }
    case .project(let input, let columns):
      return try rows(input).map { row in try columns.map { try value($0.expression, row) } }
    case .windows(let input, let calls): return try windows(input, calls)
    case .aggregate(let input, let keys, let calls): return try aggregate(input, keys, calls)
    case .sort(let input, let keys): return try sort(rows(input), keys)
    case .limit(let input, let count, let offset):
      return Array(try rows(input).dropFirst(Int(offset)).prefix(Int(count)))
    case .distinct(let input):
      let columns = input.schema.indices.map { $0 }
      var seen = Set<Row>()
      let unique = try rows(input).filter { seen.insert($0).inserted }
      return ordered(unique, by: columns)
    case .join(let join): return try self.join(join)
    case .union(let inputs): return try inputs.flatMap { try rows($0) }
    case .sessions(let sessions): return try self.sessions(sessions)
    case .paths(let paths): return try self.paths(paths)
    case .activity, .attribute, .funnel, .lifecycle, .retention:
      preconditionFailure("event operators that count have tests of their own")
    }
  }

  private func logRows() -> [Row] {
    let columns = log.columns.map { $0?.read(0..<log.rowCount) }
    let entities = log.entities.read(0..<log.entityCount)
    var rows: [Row] = []
    for entity in 0..<log.entityCount {
      for row in log.rows(ofEntity: entity) { rows.append(columns.map { $0?[row] ?? entities[entity] }) }
    }
    return rows
  }

  // MARK: Expressions

  func value(_ expression: Expr, _ row: Row) throws -> Scalar {
    switch expression {
    case .column(let position, _): return row[position]
    case .literal(let scalar, _): return scalar
    case .call(let name, let overload, let arguments, _):
      if name == "and" || name == "or" {
        let decisive = Scalar.boolean(name == "or")
        let left = try value(arguments[0], row)
        if left == decisive { return left }
        let right = try value(arguments[1], row)
        return right == decisive ? right : left == .null ? left : right
      }
      guard let function = Catalogue.scalar(name)?.overloads[overload] else { return .null }
      let operands = try arguments.map { Operand(constant: try value($0, row), type: $0.type) }
      return try function.kernel(operands, 1, context)[0]
    case .conditional(let branches, let otherwise, _):
      for branch in branches where try value(branch.condition, row) == .boolean(true) {
        return try value(branch.value, row)
      }
      return try otherwise.map { try value($0, row) } ?? .null
    case .coalesce(let arguments, _):
      for argument in arguments {
        let scalar = try value(argument, row)
        if scalar != .null { return scalar }
      }
      return .null
    case .isIn(let operand, let constants, let orNull):
      let scalar = try value(operand, row)
      if scalar == .null { return .null }
      return constants.contains(scalar) ? .boolean(true) : orNull ? .null : .boolean(false)
    }
  }

  func aggregate(_ call: AggregateCall, over rows: [Row]) throws -> Scalar {
    guard let overload = Catalogue.aggregate(call.function)?.overloads[call.overload] else { return .null }
    let state = overload.makeState()
    state.grow(to: 1)
    var seen = Set<Row>()
    for row in rows {
      if let filter = call.filter, try value(filter, row) != .boolean(true) { continue }
      let arguments = try call.arguments.map { try value($0, row) }
      if call.isDistinct, !seen.insert(arguments).inserted { continue }
      let operands = zip(arguments, call.arguments).map { Operand(Column($1.type, [$0])) }
      try state.update(groups: [0], operands: operands)
    }
    return try state.finish()[0]
  }

  // MARK: Operators

  private func aggregate(_ input: Plan, _ keys: [NamedExpr], _ calls: [AggregateCall]) throws -> [Row] {
    var groups: [Row: [Row]] = keys.isEmpty ? [[]: []] : [:]
    for row in try rows(input) {
      groups[try keys.map { try value($0.expression, row) }, default: []].append(row)
    }
    let results = try groups.map { key, rows in key + (try calls.map { try aggregate($0, over: rows) }) }
    return ordered(results, by: keys.indices.map { $0 })
  }

  private func windows(_ input: Plan, _ calls: [WindowCall]) throws -> [Row] {
    guard let log = input.log else { return [] }
    let rows = try rows(input)
    return try rows.enumerated().map { index, row in
      row
        + (try calls.map { call in
          switch call {
          case .aggregate(let aggregate, over: let window):
            return try self.aggregate(aggregate, over: self.rows(rows, of: window, from: row, log))
          case .neighbour(_, let expression, let offset):
            let other = index + Int(offset)
            guard rows.indices.contains(other), rows[other][log.entity] == row[log.entity] else {
              return .null
            }
            return try value(expression, rows[other])
          }
        })
    }
  }

  /// The rows that a row's window spans.
  private func rows(_ rows: [Row], of window: EventWindow, from row: Row, _ log: LogColumns) -> [Row] {
    let now = row[log.time].integral ?? 0
    let reach = window.reach
    return rows.filter { other in
      guard other[log.entity] == row[log.entity], let time = other[log.time].integral else { return false }
      return switch window.kind {
      case .lifetime: true
      case .prior where time == now, .later where time == now: window.isInclusive
      case .prior: time < now && (reach.map { time >= now - $0 } ?? true)
      case .later: time > now && (reach.map { time < now + $0 } ?? true)
      }
    }
  }

  /// Steps of paths, counted one after another.
  private func paths(_ plan: PathsPlan) throws -> [Row] {
    guard let log = plan.input.log else { return [] }
    var groups: [(key: Row, rows: [Row])] = []
    for row in try rows(plan.input) {
      let isHidden = try plan.hidden.map { try value($0, row) == .boolean(true) } ?? false
      let event = try value(plan.event, row)
      if isHidden || event == .null { continue }
      let key = [row[log.entity]] + (try plan.session.map { [try value($0, row)] } ?? [])
      if let known = groups.firstIndex(where: { $0.key == key }) {
        groups[known].rows.append(row)
      } else {
        groups.append((key, [row]))
      }
    }
    var counts: [Row: Int64] = [:]
    for group in groups {
      for step in try steps(plan, group.rows) { counts[step, default: 0] += 1 }
    }
    let isBackward = if case .to = plan.anchor { true } else { false }
    let result = counts.map { step, count in
      let place = isBackward ? 2 : 1
      let whole = counts.filter { $0.key[0] == step[0] && $0.key[place] == step[place] }.values.reduce(0, +)
      return step + [.integer(count), .double(Double(count) / Double(whole))]
    }
    return ordered(result, by: [0, 1, 2])
  }

  /// Position, source and target of each step of the one path of some rows.
  private func steps(_ plan: PathsPlan, _ rows: [Row]) throws -> [Row] {
    var path: [Scalar] = []
    var isBackward = false
    switch plan.anchor {
    case .beginning: path = try rows.map { try value(plan.event, $0) }
    case .from(let condition):
      let first = try rows.firstIndex { try value(condition, $0) == .boolean(true) }
      path = try rows.suffix(from: first ?? rows.count).map { try value(plan.event, $0) }
    case .to(let condition):
      isBackward = true
      guard let last = try rows.firstIndex(where: { try value(condition, $0) == .boolean(true) }) else {
        break
      }
      path = try rows.prefix(last + 1).reversed().map { try value(plan.event, $0) }
    }
    if plan.repeats == .collapsed {
      path = path.indices.filter { $0 == 0 || path[$0] != path[$0 - 1] }.map { path[$0] }
    }
    path = Array(path.prefix(Int(plan.depth)))
    return path.indices.map { index in
      let next = index + 1 < path.count ? path[index + 1] : .null
      let position = Int64(index + 1)
      return isBackward
        ? [.integer(-position), next, path[index]] : [.integer(position), path[index], next]
    }
  }

  private func sessions(_ plan: SessionsPlan) throws -> [Row] {
    guard let log = plan.input.log else { return [] }
    let rows = try rows(plan.input)
    var sessions: [[Int]] = []
    for (index, row) in rows.enumerated() {
      let time = row[log.time].integral ?? 0
      if let first = sessions.last?.first, let last = sessions.last?.last,
        rows[last][log.entity] == row[log.entity]
      {
        let previous = rows[last][log.time].integral ?? 0
        let start = rows[first][log.time].integral ?? 0
        let isSameKey = try plan.key.map { try value($0, rows[last]) == value($0, row) } ?? true
        let isSameDay = plan.split == .none || context.timeZone.day(previous) == context.timeZone.day(time)
        let fits = plan.maximum.map { time - start <= $0 } ?? true
        if time - previous <= plan.gap, isSameKey, isSameDay, fits {
          sessions[sessions.count - 1].append(index)
          continue
        }
      }
      sessions.append([index])
    }
    var names: [String: Int] = [:]
    return sessions.flatMap { session in
      let start = rows[session[0]][log.time].integral ?? 0
      let end = rows[session[session.count - 1]][log.time].integral ?? 0
      let name = "\(rows[session[0]][log.entity].text ?? "")@\(stamp(start))"
      names[name, default: 0] += 1
      let id = names[name, default: 0] == 1 ? name : "\(name)#\(names[name, default: 0])"
      return session.enumerated().map { position, row in
        rows[row] + [
          .text(id), .timestamp(start), .integer(Int64(position + 1)), .duration(end - start),
        ]
      }
    }
  }

  /// ISO 8601 of a time in whole seconds.
  private func stamp(_ time: Int64) -> String {
    let seconds = time / 1_000_000
    let date = Calendar.date(seconds / 86_400)
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let day = "\(date.year)-\(two(date.month))-\(two(date.day))"
    return "\(day)T\(two(seconds % 86_400 / 3600)):\(two(seconds % 3600 / 60)):\(two(seconds % 60))Z"
  }

  private func join(_ join: JoinPlan) throws -> [Row] {
    let left = try rows(join.left)
    let right = try rows(join.right)
    let noLeft = Row(repeating: .null, count: join.left.schema.count)
    let noRight = Row(repeating: .null, count: join.right.schema.count)
    var pairs: [Row] = []
    var matched = Set<Int>()
    for row in left {
      let partners = try right.indices.filter { index in
        let keys = try zip(join.leftKeys, join.rightKeys).allSatisfy { a, b in
          let key = try value(a, row)
          return try key != .null && key == value(b, right[index])
        }
        return try keys && join.condition.map { try value($0, row + right[index]) == .boolean(true) } ?? true
      }
      matched.formUnion(partners)
      switch join.kind {
      case .semi: if !partners.isEmpty { pairs.append(row) }
      case .anti: if partners.isEmpty { pairs.append(row) }
      case .inner, .right: pairs += partners.map { row + right[$0] }
      case .left, .full: pairs += partners.isEmpty ? [row + noRight] : partners.map { row + right[$0] }
      }
    }
    if join.kind == .right || join.kind == .full {
      pairs += right.indices.filter { !matched.contains($0) }.map { noLeft + right[$0] }
    }
    return try pairs.map { row in try join.output.map { try value($0.expression, row) } }
  }

  private func sort(_ rows: [Row], _ keys: [SortPlan]) throws -> [Row] {
    let keyed = try rows.enumerated().map { index, row in
      (index: index, keys: try keys.map { try value($0.expression, row) }, row: row)
    }
    return keyed.sorted { a, b in
      for (position, key) in keys.enumerated() {
        let (left, right) = (a.keys[position], b.keys[position])
        if left == right { continue }
        if left == .null { return key.nullsFirst }
        if right == .null { return !key.nullsFirst }
        return key.isDescending ? precedes(right, left) : precedes(left, right)
      }
      return a.index < b.index
    }.map(\.row)
  }

  /// The rows in ascending order of some columns, nulls last.
  func ordered(_ rows: [Row], by columns: [Int]) -> [Row] {
    rows.sorted { a, b in
      for column in columns where a[column] != b[column] {
        if a[column] == .null { return false }
        if b[column] == .null { return true }
        return precedes(a[column], b[column])
      }
      return false
    }
  }

  private func precedes(_ a: Scalar, _ b: Scalar) -> Bool {
    if case .text(let a) = a, case .text(let b) = b { return a.utf8.lexicographicallyPrecedes(b.utf8) }
    if let a = a.integral, let b = b.integral { return a < b }
    return (a.number ?? 0) < (b.number ?? 0)
  }
}
