import Values

@testable import EventStore

/// A log of whose columns with nulls only the values are there, as a store has those that are null in most rows.
enum SparseLog {
  static func log(_ log: EventLog) -> EventLog {
    let memory = NarrowLog.Memory()
    let columns = log.columns.map { $0.map { sparse($0, memory) } }
    func made(_ valuesByName: [[Int: Int]?]?) -> EventLog {
      EventLog(
        schema: log.schema, roles: log.roles, rowCount: log.rowCount, entityCount: log.entityCount,
        fingerprint: log.fingerprint, offsets: log.offsets, entities: log.entities, columns: columns,
        runs: log.runs, valuesByName: valuesByName, times: log.times,
        owner: NarrowLog.Owners(log, memory))
    }
    let unnamed = made(nil)
    return log.runs == nil
      ? unnamed
      : made(
        columns.map { column in
          if let column, case .leftOut = column.nulls { unnamed.countedByName(column) } else { nil }
        })
  }

  private static func sparse(_ stored: StoredColumn, _ memory: NarrowLog.Memory) -> StoredColumn {
    guard let validity = stored.validity(of: 0..<stored.count) else { return stored }
    var presence = Presence.Builder(rows: stored.count)
    presence.append(validity, count: stored.count)
    let words = presence.finish()
    let present = validity.indices.filter { validity[$0] == 1 }
    func chosen<Element: BitwiseCopyable>(_ values: UnsafePointer<Element>) -> UnsafePointer<Element> {
      memory.copy(present.map { values[$0] })
    }
    let encoding: StoredColumn.Encoding =
      switch stored.encoding {
      case .booleans(let values): .booleans(chosen(values))
      case .integers8(let values): .integers8(chosen(values))
      case .integers16(let values): .integers16(chosen(values))
      case .integers32(let values): .integers32(chosen(values))
      case .integers64(let values): .integers64(chosen(values))
      case .seconds(let seconds, let base, let microseconds):
        .seconds(chosen(seconds), base: base, microseconds: microseconds.map { chosen($0) })
      case .doubles(let values): .doubles(chosen(values))
      case .codes8(let codes, let dictionary): .codes8(chosen(codes), dictionary)
      case .codes16(let codes, let dictionary): .codes16(chosen(codes), dictionary)
      case .codes32(let codes, let dictionary): .codes32(chosen(codes), dictionary)
      }
    return StoredColumn(
      type: stored.type, encoding: encoding, nulls: .leftOut(Presence(memory.copy(words))),
      count: stored.count, owner: NarrowLog.Owners(stored, memory))
  }
}
