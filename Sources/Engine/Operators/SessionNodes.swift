import Functions
import Planning
import Values

/// What makes two divisions into sessions the same.
struct SessionsKey: Hashable {
  let gap: Int64
  let maximum: Int64?
  let split: SessionsPlan.Split
  let key: Int?
}

/// The columns that sessions add, in their order.
enum SessionColumn: Hashable, CaseIterable {
  case id, start, position, duration

  var type: ScalarType {
    switch self {
    case .id: .text
    case .start: .timestamp
    case .position: .integer
    case .duration: .duration
    }
  }
}

extension NodeGraph {
  /// The nodes of the columns that sessions add.
  mutating func sessions(_ plan: SessionsPlan, over input: Relation, log: LogColumns) -> [Node] {
    let key = plan.key.map { node($0, over: input.columns) }
    let rules = SessionsKey(gap: plan.gap, maximum: plan.maximum, split: plan.split, key: key?.id)
    let (time, entity) = (input.columns[log.time], input.columns[log.entity])
    time.isKept = true
    let zone = context.timeZone
    return SessionColumn.allCases.map { column in
      node(.session(relation: input.id, rules, column)) { id in
        SessionNode(
          id, relation: input.id, column, rules, time: time, entity: entity, key: key, timeZone: zone)
      }
    }
  }
}

/// One of the columns that sessions add.
final class SessionNode: RelationNode {
  private let column: SessionColumn
  private let rules: SessionsKey
  private let time: Node
  private let entity: Node
  private let key: Node?
  private let timeZone: TimeZoneRules

  init(
    _ id: Int, relation: Int, _ column: SessionColumn, _ rules: SessionsKey, time: Node, entity: Node,
    key: Node?, timeZone: TimeZoneRules
  ) {
    self.column = column
    self.rules = rules
    self.time = time
    self.entity = entity
    self.key = key
    self.timeZone = timeZone
    super.init(id, column.type, relation: relation)
  }

  /// Whether the value tells sessions apart.
  var isIdentity: Bool { column == .id }

  private func sessions(_ batch: Batch) throws -> Sessions {
    let times = try batch.column(time).integerValues
    return try batch.sessions(rules) {
      Sessions(
        rules, times: times, entityStarts: batch.entityStarts, keys: try keyNumbers(batch), timeZone: timeZone
      )
    }
  }

  /// For each row a number of its session among those of the batch's root, ascending and not before 0.
  func numbers(_ batch: Batch) throws -> [UInt32] {
    let origin = batch.origin(relation)
    let all = try sessions(origin).sessionOfRow
    return batch.selection(in: origin).map { all.gathered($0) } ?? all
  }

  override func computeAll(_ batch: Batch) throws -> Operand {
    let times = try batch.column(time).integerValues
    let sessions = try sessions(batch)
    switch column {
    case .id:
      let entities = try batch.column(entity).gathered(sessions.firstRows)
      return Operand(.texts(sessions.sessionOfRow, sessions.names(entities: entities, times: times)))
    case .start: return Operand(.integers(sessions.eachRow { first, _, _ in times[first] }, as: .timestamp))
    case .position: return Operand(.integers(sessions.eachRow { first, _, row in Int64(row - first + 1) }))
    case .duration:
      return Operand(
        .integers(sessions.eachRow { first, end, _ in times[end - 1] &- times[first] }, as: .duration))
    }
  }

  /// Equal numbers for equal keys.
  private func keyNumbers(_ batch: Batch) throws -> [UInt32]? {
    guard let key else { return nil }
    var groups = GroupTable([key.type])
    return groups.groups(of: [try batch.column(key)], count: batch.count)
  }
}

/// How the rows of a batch fall into sessions.
struct Sessions {
  /// The first row of each session.
  private(set) var firstRows: [Int32] = []
  /// The session of each row, numbered from 0.
  private(set) var sessionOfRow: [UInt32] = []
  private var rowCount: Int { sessionOfRow.count }

  init(_ rules: SessionsKey, times: [Int64], entityStarts: [Int], keys: [UInt32]?, timeZone: TimeZoneRules) {
    sessionOfRow.reserveCapacity(times.count)
    for (first, last) in zip(entityStarts, entityStarts.dropFirst()) {
      var start = first
      for row in first..<last {
        let isNew =
          row == first || Sessions.exceeds(times[row], times[row - 1], rules.gap)
          || rules.maximum.map { Sessions.exceeds(times[row], times[start], $0) } ?? false
          || keys.map { $0[row] != $0[row - 1] } ?? false
          || rules.split == .daily && timeZone.day(times[row]) != timeZone.day(times[row - 1])
        if isNew {
          start = row
          firstRows.append(Int32(truncatingIfNeeded: row))
        }
        sessionOfRow.append(UInt32(truncatingIfNeeded: firstRows.count - 1))
      }
    }
  }

  private static func exceeds(_ later: Int64, _ earlier: Int64, _ limit: Int64) -> Bool {
    let (span, isOver) = later.subtractingReportingOverflow(earlier)
    return isOver || span > limit
  }

  /// A value for each row from the first row of its session, the end of the session, and the row.
  func eachRow(_ value: (_ first: Int, _ end: Int, _ row: Int) -> Int64) -> [Int64] {
    (0..<rowCount).map { row in
      let session = Int(sessionOfRow[row])
      let end = session + 1 < firstRows.count ? Int(firstRows[session + 1]) : rowCount
      return value(Int(firstRows[session]), end, row)
    }
  }

  /// The sessions' names: the entity and the start; where an entity has several of one start, they are
  /// numbered.
  func names(entities: Column, times: [Int64]) -> TextDictionary {
    var offsets: [UInt64] = [0]
    var utf8: [UInt8] = []
    var repeats = 1
    var entityNumbers = GroupTable([entities.type])
    let numbers = entityNumbers.groups(of: [entities], count: firstRows.count)
    for (session, row) in firstRows.enumerated() {
      let time = times[Int(row)]
      let isRepeat =
        session > 0 && numbers[session] == numbers[session - 1] && times[Int(firstRows[session - 1])] == time
      repeats = isRepeat ? repeats + 1 : 1
      PlainText.append(entities, session, to: &utf8)
      utf8.append(UInt8(ascii: "@"))
      PlainText.append(time: time, to: &utf8)
      if repeats > 1 {
        utf8.append(UInt8(ascii: "#"))
        PlainText.append(Int64(repeats), to: &utf8)
      }
      offsets.append(UInt64(utf8.count))
    }
    return TextDictionary(offsets: offsets, utf8: utf8)
  }
}
