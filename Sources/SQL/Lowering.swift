import Planning
import Values

/// Turns plans into relations of one statement, each named and written once.
struct Lowering {
  /// The column of a row's place in each relation.
  static let order = "\"#\""

  /// One relation of a statement.
  struct Step {
    let name: String
    let text: String
    /// Whether its text reads itself.
    var isRecursive = false
  }

  /// A relation with its columns' names as they are written.
  struct Rows {
    let name: String
    let columns: [String]

    var list: String { columns.isEmpty ? "null" : columns.joined(separator: ", ") }

    /// The columns as they are written where the relation has a short name of its own.
    func columns(of alias: String) -> [String] { columns.map { "\(alias).\($0)" } }
  }

  let tables: [Plan: SQLTable]
  let timeZone: TimeZoneRules
  private(set) var steps: [Step] = []
  private var known: [Plan: Rows] = [:]

  init(tables: [Plan: SQLTable], timeZone: TimeZoneRules) {
    self.tables = tables
    self.timeZone = timeZone
  }

  /// The relation of a plan's rows.
  mutating func rows(_ plan: Plan) throws(SQLRefusal) -> Rows {
    if let rows = known[plan] { return rows }
    let rows = try lowered(plan)
    known[plan] = rows
    return rows
  }

  private mutating func lowered(_ plan: Plan) throws(SQLRefusal) -> Rows {
    switch plan {
    case .events, .relation: try read(plan)
    case .filter(let input, let condition): try filter(input, condition)
    case .extend(let input, let added): try extend(input, added)
    case .project(let input, let columns): try project(input, columns)
    case .windows(let input, let calls): try windows(input, calls)
    case .aggregate(let input, let keys, let calls): try aggregate(input, keys, calls)
    case .sort(let input, let keys): try sort(input, keys)
    case .limit(let input, let count, let offset): try limit(input, count: count, offset: offset)
    case .distinct(let input): try distinct(input)
    case .join(let join): try self.join(join)
    case .union(let inputs): try union(inputs)
    case .funnel(let funnel): try self.funnel(funnel)
    case .retention(let retention): try self.retention(retention)
    case .sessions(let sessions): try self.sessions(sessions)
    case .activity(let activity): try self.activity(activity)
    case .attribute(let attribution): try attribute(attribution)
    case .lifecycle(let lifecycle): try self.lifecycle(lifecycle)
    case .paths(let paths): try self.paths(paths)
    }
  }

  // MARK: Relations

  /// Adds a relation, and gives its name.
  mutating func add(_ word: String, _ text: String) -> String {
    let name = "\(word)_\(steps.count + 1)"
    steps.append(Step(name: name, text: text))
    return name
  }

  /// Adds a relation whose text reads rows of its own, and gives its name.
  mutating func addRecursive(_ word: String, _ text: (_ itself: String) -> String) -> String {
    let name = "\(word)_\(steps.count + 1)"
    steps.append(Step(name: name, text: text(name), isRecursive: true))
    return name
  }

  /// Adds a relation of some columns under the names of a schema, and of a row's place.
  mutating func add(
    _ word: String, _ schema: Schema, _ values: [String], order: String, from source: String
  ) -> Rows {
    let names = Lowering.names(of: schema)
    let columns = zip(values, names).map { $0 == $1 ? $0 : "\($0) as \($1)" }
    let place = order == Lowering.order ? order : "\(order) as \(Lowering.order)"
    let text = "select \((columns + [place]).joined(separator: ", "))\n  from \(source)"
    return Rows(name: add(word, text), columns: names)
  }

  /// The columns' names as identifiers. A name that SQL takes for another one, or cannot write, has a number.
  static func names(of schema: Schema) -> [String] {
    var taken: Set<String> = ["#"]
    return schema.enumerated().map { position, field in
      let isWritten = !field.name.isEmpty && !field.name.utf8.contains(0)
      var name = isWritten ? field.name : "column \(position + 1)"
      while !taken.insert(name.lowercased()).inserted { name += " \(position + 1)" }
      return SQLText.identifier(name)
    }
  }

  private mutating func read(_ plan: Plan) throws(SQLRefusal) -> Rows {
    guard let table = tables[plan] else { preconditionFailure("a statement knows the tables of its plan") }
    let word = if case .events = plan { "events" } else { "rows" }
    return add(word, plan.schema, table.columns, order: table.order, from: table.relation)
  }

  /// The number of each row in an order.
  static func numbered(by keys: [String]) -> String {
    "row_number() over (\(keys.isEmpty ? "" : "order by \(keys.joined(separator: ", "))"))"
  }
}
