import ADBC
import Diagnostics
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
  /// Whose the rows are, where that is told by a device and a user.
  private let identity: IdentityRelation?
  /// What the project file calls those of entity and time that it says to hold integers.
  private let integers: (entity: String?, time: String?)

  init(
    _ reading: Reading, _ roles: LogRoles, _ types: DeclaredTypes, _ connection: Connection
  ) throws(StoreError) {
    var columns = reading.columns
    if columns.isEmpty {
      // Files without a header and a row have no columns that could be wrong.
      let who = roles.identity.map { [$0.device, $0.user] } ?? [roles.entity]
      let names = who + [roles.time, roles.event] + [roles.id].compactMap { $0 }
      columns = names.map { SourceColumn($0, textOf: .text) }
    }
    let schema = columns.map { Field($0.name, $0.type) }
    // What is made of a device and a user comes before the columns of the files.
    let first = roles.identity == nil ? 0 : 1
    var missing = MissingColumns(among: schema.map(\.name))
    func position(_ role: String, _ name: String) -> Int {
      first + missing.position(of: name, for: "the \(role) of the log", schema.position(of:))
    }
    if roles.identity != nil {
      guard schema.position(of: roles.entity) == nil else {
        throw StoreError(
          "the files have a column '\(roles.entity)', which is not what 'identity' makes of two others",
          hints: ["name the entity otherwise: 'entity: NAME' beside 'identity'"])
      }
      // How it is made is known when the time is.
      columns.insert(SourceColumn(roles.entity, made: "null"), at: 0)
    }
    let who = roles.identity.map { (device: position("device", $0.device), user: position("user", $0.user)) }
    entity = roles.identity == nil ? position("entity", roles.entity) : 0
    time = position("time", roles.time)
    event = position("event", roles.event)
    id = roles.id.map { position("id", $0) }
    if !reading.columns.isEmpty { types.note(&missing, among: reading.columns) }
    guard missing.isEmpty else { throw StoreError(missing) }
    guard Set([entity, time, event]).count == 3 else {
      throw StoreError("entity, time and event of a log are three columns")
    }
    columns[time] = try LogQuery.time(columns[time], of: reading, connection)
    columns[event] = try columns[event].event()
    var made: IdentityColumns?
    if let wanted = roles.identity, let who {
      let device = try columns[who.device].identifying("device")
      let user = try columns[who.user].identifying("user")
      guard device.name != user.name else {
        throw StoreError("device and user of an identity are two columns")
      }
      let stitched = IdentityRelation(
        reading, device: device, user: user, time: columns[time], backfill: wanted.backfill)
      columns[entity] = SourceColumn(roles.entity, made: stitched.entity)
      identity = stitched
      made = IdentityColumns(device: device.name, user: user.name, backfill: wanted.backfill)
    } else {
      columns[entity] = try columns[entity].identifying("entity")
      identity = nil
    }
    let names = reading.columns.map(\.name)
    integers = (
      entity: roles.identity == nil ? types.name(of: entity, in: names, saying: .integer) : nil,
      time: types.name(of: time - first, in: names, saying: .integer)
    )
    self.reading = reading
    self.columns = columns
    // The log calls its columns as the files do.
    self.roles = LogRoles(
      entity: columns[entity].name, time: columns[time].name, event: columns[event].name,
      id: id.map { columns[$0].name }, identity: made)
  }

  /// A column as the time of the log; of integers all values decide what they count.
  private static func time(
    _ column: SourceColumn, of reading: Reading, _ connection: Connection
  ) throws(StoreError) -> SourceColumn {
    guard column.type == .integer, !reading.columns.isEmpty else { return try column.time(range: nil) }
    let value = column.expression
    do {
      let row = try connection.table(
        "select min(\(value))::bigint, max(\(value))::bigint from \(reading.relation)"
      ).row(0)
      guard let low = row[0].integral, let high = row[1].integral else { return try column.time(range: nil) }
      return try column.time(range: (low, high))
    } catch let error as DatabaseError {
      throw StoreError(error, reading: column.name)
    } catch let error as StoreError {
      throw error
    } catch {
      preconditionFailure("only the store and the database refuse")
    }
  }

  /// The log's fields, in the order of the files.
  var schema: Schema { columns.map { Field($0.name, $0.type) } }

  private var isEmpty: Bool { reading.columns.isEmpty }

  /// Where the number of an `IdentityBasis` comes among the columns of `rows`.
  var basisPosition: Int? { identity == nil ? nil : columns.count }

  /// The rows of the log in the order of their files; behind the columns what `basisPosition` says, and last the
  /// sequence. The database does not sort them by entity and time: it would carry every column through, where the
  /// log's own order needs two.
  var rows: String? {
    guard !isEmpty else { return nil }
    var values = columns.enumerated().map { index, column in
      let isAbsent = reading.absent.contains(column.name)
      return "\(isAbsent ? "null::\(column.type.sqlName)" : column.expression) as c\(index)"
    }
    guard let identity else {
      return """
        select \(values.joined(separator: ", ")), \(reading.sequence) as sequence from \(reading.relation) \
        where \(columns[entity].expression) is not null and \(columns[time].expression) is not null
        """
    }
    values.append("\(identity.basis) as basis")
    // Whose a row is the rows around it say: the order of the files is lost over that.
    return """
      select \(values.joined(separator: ", ")), \(identity.sequence) as sequence from \(identity.relation) \
      order by sequence
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
    guard !isEmpty else { return [] }
    let isUnknown = identity?.isUnknown ?? "\(columns[entity].expression) is null"
    // What is made of a device and a user stands in no file.
    let entityText = identity == nil ? columns[entity].given : "null"
    let timeText = columns[time].given
    let names =
      roles.identity.map { "user '\($0.user)' and device '\($0.device)' are" }
      ?? "entity '\(roles.entity)' is"
    let noInteger = "is not a whole number, as 'types' says"
    let wrongEntity =
      "the entity '\(roles.entity)' \(integers.entity == nil ? "cannot be read" : noInteger)"
    let wrongTime = "the time '\(roles.time)' \(integers.time == nil ? "cannot be read" : noInteger)"
    var problems = try reading.problems(
      reason: """
        case when \(isUnknown) and \(entityText) is not null then \(SQLText.literal(wrongEntity)) \
        when \(isUnknown) then \(SQLText.literal("the \(names) missing")) \
        when \(timeText) is null then \(SQLText.literal("the time '\(roles.time)' is missing")) \
        else \(SQLText.literal(wrongTime)) end
        """,
      value: """
        coalesce(case when \(isUnknown) then \(entityText)::varchar else \(timeText)::varchar end, '')
        """,
      condition: "\(isUnknown) or \(columns[time].expression) is null", .row, connection)
    for index in problems.indices {
      if problems[index].reason == wrongEntity { problems[index].typedColumn = integers.entity }
      if problems[index].reason == wrongTime { problems[index].typedColumn = integers.time }
    }
    return problems
  }

  /// Values that are not of the type that the others of their column are of.
  func lostValues(_ connection: Connection) throws(DatabaseError) -> [IngestReport.Problem] {
    let others = columns.indices.filter { $0 != entity && $0 != time }.map { columns[$0] }
    return isEmpty ? [] : try reading.lostValues(of: others, connection)
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
