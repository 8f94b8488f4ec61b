import ADBC
import Values

/// The columns of a reading in their roles, and the questions that are asked of it.
struct LogQuery {
  let reading: Reading
  let roles: LogRoles
  let columns: [SourceColumn]
  let entity: Int
  let time: Int
  let event: Int
  let id: Int?
  /// The time column as the files have it.
  private let sourceTime: SourceColumn

  init(_ reading: Reading, _ roles: LogRoles, _ connection: Connection) throws(StoreError) {
    var columns = reading.columns
    if columns.isEmpty {
      // Files without a header and a row have no columns that could be wrong.
      let names = [roles.entity, roles.time, roles.event] + [roles.id].compactMap { $0 }
      columns = names.map { SourceColumn($0, textOf: .text) }
    }
    let schema = columns.map { Field($0.name, $0.type) }
    func position(_ role: String, _ name: String) throws(StoreError) -> Int {
      if let position = schema.position(of: name) { return position }
      throw StoreError(
        "no column '\(name)' for the \(role) of the log",
        hints: ["the columns here are \(columns.map { "'\($0.name)'" }.joined(separator: ", "))"])
    }
    entity = try position("entity", roles.entity)
    time = try position("time", roles.time)
    event = try position("event", roles.event)
    id = if let name = roles.id { try position("id", name) } else { nil }
    guard Set([entity, time, event]).count == 3 else {
      throw StoreError("entity, time and event of a log are three columns")
    }
    sourceTime = columns[time]
    var range: (Int64, Int64)?
    if sourceTime.type == .integer, !reading.columns.isEmpty {
      let value = sourceTime.expression
      do {
        let row = try connection.table(
          "select min(\(value))::bigint, max(\(value))::bigint from \(reading.relation)"
        ).row(0)
        if let low = row[0].integral, let high = row[1].integral { range = (low, high) }
      } catch {
        throw StoreError(error, reading: sourceTime.name)
      }
    }
    columns[time] = try columns[time].time(range: range)
    columns[entity] = try columns[entity].entity()
    columns[event] = try columns[event].event()
    self.reading = reading
    self.columns = columns
    // The log calls its columns as the files do.
    self.roles = LogRoles(
      entity: columns[entity].name, time: columns[time].name, event: columns[event].name,
      id: id.map { columns[$0].name })
  }

  /// The log's fields, in the order of the files.
  var schema: Schema { columns.map { Field($0.name, $0.type) } }

  private var isEmpty: Bool { reading.columns.isEmpty }

  /// The rows of the log in the order of their files; behind the columns the sequence. The database does not sort
  /// them: it would carry every column through, where the log's own order needs two.
  var rows: String? {
    guard !isEmpty else { return nil }
    let values = columns.enumerated().map { index, column in
      let isAbsent = reading.absent.contains(column.name)
      return "\(isAbsent ? "null::\(column.type.sqlName)" : column.expression) as c\(index)"
    }
    return """
      select \(values.joined(separator: ", ")), \(reading.sequence) as sequence from \(reading.relation) \
      where \(columns[entity].expression) is not null and \(columns[time].expression) is not null
      """
  }

  /// How files that are added to these are to be read.
  ///
  /// - Parameter settings: those of the source that go into the fingerprint.
  func origin(_ settings: [String]) -> LogOrigin {
    LogOrigin(settings: settings, columns: reading.columns, time: columns[time])
  }

  /// How many rows there are, with those that are not part of the log.
  func rowCount(_ connection: Connection) throws(DatabaseError) -> Int {
    guard !isEmpty else { return 0 }
    return Int(try connection.table("select count(*) from \(reading.relation)").row(0)[0].integral ?? 0)
  }

  /// Rows without an entity or a time.
  func refusedRows(_ connection: Connection) throws(DatabaseError) -> [IngestReport.Problem] {
    let text = SQLText.identifier(columns[time].name)
    let entityIsNull = "\(columns[entity].expression) is null"
    return try problems(
      reason: """
        case when \(entityIsNull) then 'the entity ''\(quoteless(roles.entity))'' is missing' \
        when \(text) is null then 'the time ''\(quoteless(roles.time))'' is missing' \
        else 'the time ''\(quoteless(roles.time))'' cannot be read' end
        """,
      value: "case when \(entityIsNull) then '' else coalesce(\(text)::varchar, '') end",
      condition: "\(entityIsNull) or \(columns[time].expression) is null", .row, connection)
  }

  /// Values that are not of the type that the others of their column are of.
  func lostValues(_ connection: Connection) throws(DatabaseError) -> [IngestReport.Problem] {
    var found: [IngestReport.Problem] = []
    for (position, column) in columns.enumerated() where position != entity && position != time {
      guard let expected = column.expected, !reading.absent.contains(column.name) else { continue }
      let text = SQLText.identifier(column.name)
      found += try problems(
        reason: "'''\(quoteless(column.name))'' is not \(expected), as the others are'",
        value: "\(text)::varchar",
        condition: "\(text) is not null and \(column.expression) is null", .value, connection)
    }
    return found
  }

  private func quoteless(_ name: String) -> String { name.replacing("'", with: "''") }

  private func problems(
    reason: String, value: String, condition: String, _ loss: IngestReport.Problem.Loss,
    _ connection: Connection
  ) throws(DatabaseError) -> [IngestReport.Problem] {
    guard !isEmpty else { return [] }
    let table = try connection.table(
      """
      with bad as (select \(reading.file) as file, \(reason) as reason, \(reading.row) as place, \
      left(\(value), 200) as value, \(reading.sequence) as sequence from \(reading.relation) where \(condition)), \
      ranked as (select *, count(*) over (partition by file, reason) as total, \
      row_number() over (partition by file, reason order by sequence) as rank from bad) \
      select file::integer, reason, total, place::bigint, value from ranked where rank <= 3 \
      order by file, reason, sequence
      """)
    var problems: [IngestReport.Problem] = []
    for row in 0..<table.count {
      guard case .text(let reason) = table.columns[1][row], let total = table.columns[2][row].integral else {
        continue
      }
      let index = table.columns[0][row].integral.map { Int($0) }
      let name = index.map { reading.files[$0].name } ?? reading.files.map(\.name).joined(separator: ", ")
      if problems.last?.reason != reason || problems.last?.file != name {
        problems.append(
          IngestReport.Problem(file: name, loss: loss, reason: reason, count: Int(total), examples: []))
      }
      if let place = table.columns[3][row].integral, case .text(let text) = table.columns[4][row] {
        problems[problems.count - 1].examples.append(
          IngestReport.Example(unit: .row, number: place, text: text))
      }
    }
    return problems
  }
}

extension ScalarType {
  /// The database's name of a type whose values arrive as this one's.
  fileprivate var sqlName: String {
    switch self {
    case .boolean: "boolean"
    case .integer: "bigint"
    case .double: "double"
    case .text: "varchar"
    case .timestamp: "timestamptz"
    case .date: "date"
    case .duration: "interval"
    }
  }
}
