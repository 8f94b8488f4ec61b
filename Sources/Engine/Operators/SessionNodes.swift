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
    let division = SessionDivision(rules, time: time, key: key, timeZone: context.timeZone)
    return SessionColumn.allCases.map { column in
      node(.session(relation: input.id, rules, column)) { id in
        SessionNode(id, relation: input.id, column, division, entity: entity)
      }
    }
  }
}

/// How rows of a relation are divided into sessions.
struct SessionDivision {
  private let rules: SessionsKey
  let time: Node
  private let key: Node?
  private let timeZone: TimeZoneRules

  init(_ rules: SessionsKey, time: Node, key: Node?, timeZone: TimeZoneRules) {
    self.rules = rules
    self.time = time
    self.key = key
    self.timeZone = timeZone
  }

  /// The sessions of a batch of the relation.
  func sessions(_ batch: Batch) throws -> Sessions {
    try batch.sessions(rules) {
      var opens = try silences(batch)
      if let key {
        var groups = GroupTable([key.type])
        let keys = groups.groups(of: [try batch.column(key)], count: batch.count)
        for row in 1..<max(1, keys.count) where keys[row] != keys[row - 1] { opens[row] = 1 }
      }
      if rules.split == .daily {
        // So far from the ends of 64 bits that local times fit.
        let margin = 2 * Calendar.microsecondsPerDay
        var clock = LocalClock(timeZone, within: (.min + margin)...(.max - margin))
        let days = try batch.column(time).integerValues.map { clock.day($0) }
        for row in 1..<max(1, days.count) where days[row] != days[row - 1] { opens[row] = 1 }
      }
      batch.entityStarts.withUnsafeBufferPointer { starts in
        opens.withUnsafeMutableBufferPointer { opens in
          for entity in 0..<max(0, starts.count &- 1) { opens[starts[entity]] = 1 }
        }
      }
      let sessions = Sessions(opens: opens)
      guard let maximum = rules.maximum else { return sessions }
      return Sessions(sessions, noLongerThan: maximum, times: try batch.column(time).integerValues)
    }
  }

  private func silences(_ batch: Batch) throws -> [UInt8] {
    let silence = Silence(longerThan: rules.gap)
    if let breaks = batch.stored(time).flatMap({ silence.breaks($0, rows: batch.rows) }) { return breaks }
    return silence.breaks(try batch.column(time).integerValues)
  }
}

/// One of the columns that sessions add.
final class SessionNode: RelationNode {
  let column: SessionColumn
  private let division: SessionDivision
  private let entity: Node

  init(_ id: Int, relation: Int, _ column: SessionColumn, _ division: SessionDivision, entity: Node) {
    self.column = column
    self.division = division
    self.entity = entity
    super.init(id, column.type, relation: relation)
  }

  /// Whether the value tells sessions apart.
  var isIdentity: Bool { column == .id }

  /// How a batch of the relation falls into sessions.
  func sessions(_ batch: Batch) throws -> Sessions { try division.sessions(batch) }

  /// For each row a number of its session among those of the batch's root, ascending and not before 0.
  func numbers(_ batch: Batch) throws -> [UInt32] {
    let origin = batch.origin(relation)
    let sessions = try sessions(origin)
    if let rows = batch.selection(in: origin) {
      return sessions.numbers(of: rows).map { UInt32(bitPattern: $0) }
    }
    return sessions.eachRow { session, _, _ in UInt32(truncatingIfNeeded: session) }
  }

  /// The column of the source that has the time of each session's first row.
  var startTime: SourceNode? { column == .start ? division.time as? SourceNode : nil }

  /// For each row of a batch the place of its session's first row, counted from the first of the batch's range.
  func startPositions(_ batch: Batch) throws -> [Int32] {
    let origin = batch.origin(relation)
    let sessions = try sessions(origin)
    let firstRows =
      switch batch.selection(in: origin) {
      case nil: sessions.eachRow { _, first, _ in Int32(truncatingIfNeeded: first) }
      case sessions.firstRows: sessions.firstRows
      case let rows?: sessions.firstRows.gathered(sessions.numbers(of: rows))
      }
    return origin.rootPositions?.gathered(firstRows) ?? firstRows
  }

  override func computeAll(_ batch: Batch) throws -> Operand {
    let sessions = try sessions(batch)
    switch column {
    case .id:
      let codes = sessions.eachRow { session, _, _ in UInt32(truncatingIfNeeded: session) }
      return Operand(.texts(codes, try names(batch, sessions)))
    case .position:
      return Operand(.integers(sessions.eachRow { _, first, row in Int64(row &- first &+ 1) }))
    case .start, .duration:
      let values = try values(batch, sessions)
      return Operand(
        .integers(
          values.withUnsafeBufferPointer { values in sessions.eachRow { session, _, _ in values[session] } },
          as: column.type))
    }
  }

  /// Of the sessions of these rows alone.
  override func computeSome(_ batch: Batch, _ rows: [Int32], of origin: Batch) throws -> Operand? {
    let sessions = try sessions(origin)
    if rows == sessions.firstRows {
      switch column {
      case .id:
        return Operand(.texts(rows.indices.map { UInt32($0) }, try names(origin, sessions)))
      case .position: return Operand(.integers([Int64](repeating: 1, count: rows.count)))
      case .start, .duration: return Operand(.integers(try values(origin, sessions), as: column.type))
      }
    }
    let numbers = sessions.numbers(of: rows)
    switch column {
    case .id:
      return Operand(.texts(numbers.map { UInt32(bitPattern: $0) }, try names(origin, sessions)))
    case .position:
      return Operand(.integers(zip(rows, numbers).map { Int64($0) - Int64(sessions.first(Int($1))) + 1 }))
    case .start, .duration:
      let last = numbers.map { Int32(truncatingIfNeeded: sessions.end(Int($0)) &- 1) }
      let first = sessions.firstRows.gathered(numbers)
      return Operand(.integers(try values(origin, first: first, last: last), as: column.type))
    }
  }

  /// When each session starts, or how long it lasts.
  private func values(_ batch: Batch, _ sessions: Sessions) throws -> [Int64] {
    if column == .duration, let stored = batch.stored(division.time),
      let lengths = sessions.lengths(stored, rows: batch.rows)
    {
      return lengths
    }
    return try values(batch, first: sessions.firstRows, last: sessions.lastRows)
  }

  /// When sessions with these first and last rows start, or how long they last.
  private func values(_ batch: Batch, first: [Int32], last: @autoclosure () -> [Int32]) throws -> [Int64] {
    let starts = try times(batch, first)
    if column == .start { return starts }
    var lengths = try times(batch, last())
    precondition(lengths.count == starts.count, "each session has a first row and a last")
    lengths.withUnsafeMutableBufferPointer { lengths in
      starts.withUnsafeBufferPointer { starts in
        for session in 0..<starts.count { lengths[session] &-= starts[session] }
      }
    }
    return lengths
  }

  private func times(_ batch: Batch, _ rows: [Int32]) throws -> [Int64] {
    try Batch(batch, at: rows).column(division.time).integerValues
  }

  /// The sessions' names: the entity and the start; where an entity has several of one start, they are
  /// numbered.
  private func names(_ batch: Batch, _ sessions: Sessions) throws -> TextDictionary {
    let firsts = Batch(batch, at: sessions.firstRows)
    let entities = try firsts.column(entity)
    let times = try firsts.column(division.time).integerValues
    var offsets: [UInt64] = [0]
    var utf8: [UInt8] = []
    var repeats = 1
    var entityNumbers = GroupTable([entities.type])
    let numbers = entityNumbers.groups(of: [entities], count: times.count)
    for session in times.indices {
      let isRepeat =
        session > 0 && numbers[session] == numbers[session - 1] && times[session - 1] == times[session]
      repeats = isRepeat ? repeats + 1 : 1
      PlainText.append(entities, session, to: &utf8)
      utf8.append(UInt8(ascii: "@"))
      PlainText.append(time: times[session], to: &utf8)
      if repeats > 1 {
        utf8.append(UInt8(ascii: "#"))
        PlainText.append(Int64(repeats), to: &utf8)
      }
      offsets.append(UInt64(utf8.count))
    }
    return TextDictionary(offsets: offsets, utf8: utf8)
  }
}

/// Whether a row's place in its session is one of some that follow each other, the first of which is 1.
final class SessionPlacesNode: RelationNode {
  private let session: SessionNode
  private let places: ClosedRange<Int64>

  /// Places as a comparison with a number has them; nothing where these do not follow each other.
  init?(_ id: Int, _ session: SessionNode, _ comparison: String, _ bound: Int64) {
    guard session.column == .position else { return nil }
    // No batch is as long as this.
    let most = Int64(Int32.max)
    let bound = min(max(bound, -1), most)
    let (low, high) =
      switch comparison {
      case "=": (bound, bound)
      case "<": (1, bound - 1)
      case "<=": (1, bound)
      case ">": (bound + 1, most)
      case ">=": (bound, most)
      default: (0, -1)
      }
    guard max(low, 1) <= high else { return nil }
    self.session = session
    places = max(low, 1)...high
    super.init(id, .boolean, relation: session.relation)
  }

  override func computeAll(_ batch: Batch) throws -> Operand {
    var mask = [UInt8](repeating: 0, count: batch.count)
    for row in rows(try session.sessions(batch)) { mask[Int(row)] = 1 }
    return Operand(.booleans(mask))
  }

  override func choice(_ batch: Batch) throws -> RowChoice {
    guard batch.relation == relation else { return try super.choice(batch) }
    let rows = rows(try session.sessions(batch))
    return rows.isEmpty ? .none : rows.count == batch.count ? .all : .some(rows)
  }

  private func rows(_ sessions: Sessions) -> [Int32] {
    if places == 1...1 { return sessions.firstRows }
    var rows: [Int32] = []
    for session in 0..<sessions.count {
      let first = sessions.first(session)
      let end = min(sessions.end(session), first + Int(places.upperBound))
      let start = first + Int(places.lowerBound) - 1
      if start < end {
        rows.append(contentsOf: Int32(truncatingIfNeeded: start)..<Int32(truncatingIfNeeded: end))
      }
    }
    return rows
  }
}
