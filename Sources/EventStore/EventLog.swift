import Synchronization
import Values

/// What the columns of an event log stand for.
public struct LogRoles: Hashable, Sendable, Codable {
  /// A column of the log: one of the files', or with an identity one that is made.
  public var entity: String
  /// Of type timestamp.
  public var time: String
  /// Of type text.
  public var event: String
  /// Identifies an event that may have been delivered more than once.
  public var id: String?
  /// Which columns the entity is made of; nothing where the files have it.
  public var identity: IdentityColumns?

  /// Roles by the names of columns.
  public init(
    entity: String, time: String, event: String, id: String? = nil, identity: IdentityColumns? = nil
  ) {
    self.entity = entity
    self.time = time
    self.event = event
    self.id = id
    self.identity = identity
  }
}

/// Events in the total order (entity, time, sequence), immutable, in memory or mapped from a store.
///
/// Entities are numbered from 0 in that order; the rows of entity `e` are `offsets[e]..<offsets[e + 1]`. No entity
/// and no time is null.
public final class EventLog: @unchecked Sendable {
  /// All columns in the order of the source: entity, time, event and properties.
  public let schema: Schema
  /// The columns' roles, by their names in the schema.
  public let roles: LogRoles
  /// How many events.
  public let rowCount: Int
  /// How many entities; each has an event at least.
  public let entityCount: Int
  /// Identifies the content: equal for equal files and settings, 64 hexadecimal digits.
  public let fingerprint: String
  /// `entityCount + 1` row numbers.
  public let offsets: UnsafePointer<UInt64>
  /// The entities' own values, one for each entity in order, without null.
  public let entities: StoredColumn
  /// The columns by position; nothing at the entity's position, for its values are those of `entities`.
  public let columns: StoredColumns
  private let knownRuns: Mutex<KnownRuns>
  /// The times of the first and the last event, in microseconds; nothing for an empty log.
  public let times: ClosedRange<Int64>?
  /// By column, how many values of it events of each name have, by code and without zeros; nothing where that is not
  /// known.
  let valuesByName: [[Int: Int]?]
  private let owner: AnyObject?

  /// The entity's position in the schema.
  public let entityPosition: Int
  /// The time's position in the schema.
  public let timePosition: Int
  /// The event name's position in the schema.
  public let eventPosition: Int

  /// A log over memory that `owner` keeps alive.
  public convenience init(
    schema: Schema, roles: LogRoles, rowCount: Int, entityCount: Int, fingerprint: String,
    offsets: UnsafePointer<UInt64>, entities: StoredColumn, columns: [StoredColumn?],
    runs: EventRuns? = nil, valuesByName: [[Int: Int]?]? = nil, times: ClosedRange<Int64>?, owner: AnyObject?
  ) {
    self.init(
      schema: schema, roles: roles, rowCount: rowCount, entityCount: entityCount, fingerprint: fingerprint,
      offsets: offsets, entities: entities, columns: StoredColumns(columns.map { $0.map { Lazy($0) } }),
      runs: .made(runs), valuesByName: valuesByName, times: times, owner: owner)
  }

  /// A log over memory that `owner` keeps alive, of which some may be made when it is first asked for.
  init(
    schema: Schema, roles: LogRoles, rowCount: Int, entityCount: Int, fingerprint: String,
    offsets: UnsafePointer<UInt64>, entities: StoredColumn, columns: StoredColumns, runs: KnownRuns,
    valuesByName: [[Int: Int]?]? = nil, times: ClosedRange<Int64>?, owner: AnyObject?
  ) {
    guard let entity = schema.position(of: roles.entity), let time = schema.position(of: roles.time),
      let event = schema.position(of: roles.event)
    else { preconditionFailure("a log has columns for its entity, time and event") }
    precondition(schema.count == columns.count, "a log has one stored column for each field")
    precondition(schema[time].type == .timestamp, "the time of a log is a timestamp")
    precondition(schema[event].type == .text, "the event name of a log is a text")
    self.schema = schema
    self.roles = roles
    self.rowCount = rowCount
    self.entityCount = entityCount
    self.fingerprint = fingerprint
    self.offsets = offsets
    self.entities = entities
    self.columns = columns
    knownRuns = Mutex(runs)
    self.valuesByName = valuesByName ?? [[Int: Int]?](repeating: nil, count: columns.count)
    self.times = times
    self.owner = owner
    entityPosition = entity
    timePosition = time
    eventPosition = event
  }

  /// What is known of a log's runs.
  enum KnownRuns: Sendable {
    case made(EventRuns?)
    case unmade(@Sendable (EventLog) -> EventRuns?)
  }

  /// The rows by their event names; nothing for a log of very many names.
  public var runs: EventRuns? {
    knownRuns.withLock { known in
      switch known {
      case .made(let runs): return runs
      case .unmade(let make):
        let runs = make(self)
        known = .made(runs)
        return runs
      }
    }
  }

  /// The rows of an entity.
  @inlinable public func rows(ofEntity entity: Int) -> Range<Int> {
    Int(offsets[entity])..<Int(offsets[entity + 1])
  }

  /// The rows of some entities.
  public func rows(ofEntities entities: Range<Int>) -> Range<Int> {
    Int(offsets[entities.lowerBound])..<Int(offsets[entities.upperBound])
  }

  /// The end of the most entities from one on, and before another, that together have no more than so many rows; at
  /// least one entity.
  public func end(ofEntitiesFrom first: Int, to end: Int, rows target: Int) -> Int {
    let goal = offsets[first] + UInt64(target)
    var low = first + 1
    var high = end + 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if offsets[middle] <= goal { low = middle } else { high = middle }
    }
    return low
  }

  /// Splits the entities into ranges of about so many rows; one entity is never split. The ranges depend on the
  /// log and the number alone, so what is computed over them does not depend on threads.
  public func entityRanges(rows target: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var first = 0
    while first < entityCount {
      let last = end(ofEntitiesFrom: first, to: entityCount, rows: target)
      ranges.append(first..<last)
      first = last
    }
    return ranges
  }
}
