import Synchronization
import Values

/// Why rows could not become a log.
public struct LogTableError: Error, Hashable, Sendable {
  /// One line, lower case.
  public var message: String
}

extension EventLog {
  /// A log in memory from a table of events in any order; rows of equal entity and time keep the table's order.
  /// Rows without an entity or a time are left out, and so are rows with the entity, event and id of an earlier one.
  ///
  /// For small tables: O(rows × log rows) comparisons of plain values.
  public convenience init(table: Table, roles: LogRoles, fingerprint: String) throws(LogTableError) {
    let schema = table.schema
    func position(_ role: String, _ name: String) throws(LogTableError) -> Int {
      guard let position = schema.position(of: name) else {
        throw LogTableError(message: "no column '\(name)' for the \(role) of the log")
      }
      return position
    }
    let entity = try position("entity", roles.entity)
    let time = try position("time", roles.time)
    let event = try position("event", roles.event)
    let id: Int? = if let name = roles.id { try position("id", name) } else { nil }
    guard schema[time].type == .timestamp else {
      throw LogTableError(message: "the time column '\(roles.time)' is of type \(schema[time].type)")
    }
    guard schema[event].type == .text else {
      throw LogTableError(message: "the event column '\(roles.event)' is of type \(schema[event].type)")
    }

    var seen = Set<[Scalar]>()
    var positions: [Int32] = []
    for row in 0..<table.count
    where !table.columns[entity].isNull(row) && !table.columns[time].isNull(row) {
      if let id, !table.columns[id].isNull(row) {
        let key = [table.columns[entity][row], table.columns[event][row], table.columns[id][row]]
        guard seen.insert(key).inserted else { continue }
      }
      positions.append(Int32(row))
    }
    let entityValues = table.columns[entity].scalars
    let ranks = EventLog.ranks(positions.map { entityValues[Int($0)] })
    guard case .integers(let times) = table.columns[time].values else {
      preconditionFailure("a timestamp column holds integers")
    }
    let order = positions.indices.sorted { a, b in
      let left = (ranks[a], times[Int(positions[a])], a)
      let right = (ranks[b], times[Int(positions[b])], b)
      return left < right
    }
    let sorted = table.gathered(order.map { positions[$0] })
    var offsets: [UInt64] = []
    var firstRows: [Int32] = []
    for (row, index) in order.enumerated() where row == 0 || ranks[order[row - 1]] != ranks[index] {
      offsets.append(UInt64(row))
      firstRows.append(Int32(row))
    }
    offsets.append(UInt64(sorted.count))

    let heap = Heap()
    let columns = sorted.columns.enumerated().map { index, column in
      index == entity ? nil : StoredColumn(copying: column, into: heap)
    }
    self.init(
      schema: schema, roles: roles, rowCount: sorted.count, entityCount: firstRows.count,
      fingerprint: fingerprint, offsets: heap.copy(offsets),
      entities: StoredColumn(copying: sorted.columns[entity].gathered(firstRows), into: heap),
      columns: StoredColumns(columns.map { $0.map { Lazy($0) } }), runs: .unmade { $0.copiedRuns(in: heap) },
      times: EventLog.range(of: positions.map { times[Int($0)] }), owner: heap)
  }

  private static func range(of times: [Int64]) -> ClosedRange<Int64>? {
    guard let first = times.min(), let last = times.max() else { return nil }
    return first...last
  }

  /// Dense ranks of plain values of one type, in the order of their type.
  private static func ranks(_ values: [Scalar]) -> [Int] {
    let distinct = Set(values).sorted { a, b in
      switch (a, b) {
      case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
      default:
        if let a = a.integral, let b = b.integral { a < b } else { (a.number ?? 0) < (b.number ?? 0) }
      }
    }
    let ranks = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
    return values.map { ranks[$0, default: 0] }
  }
}

/// Memory that lives as long as the log that was built in it.
final class Heap: Sendable {
  private let blocks = Mutex<[Block]>([])

  private struct Block: @unchecked Sendable { let start: UnsafeMutableRawPointer }

  func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, elements.count * MemoryLayout<Element>.stride),
      alignment: MemoryLayout<Element>.alignment)
    blocks.withLock { $0.append(Block(start: block)) }
    let typed = block.bindMemory(to: Element.self, capacity: max(1, elements.count))
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { typed.initialize(from: base, count: elements.count) }
    }
    return UnsafePointer(typed)
  }

  deinit { blocks.withLock { $0.forEach { $0.start.deallocate() } } }
}

extension StoredColumn {
  init(copying column: Column, into heap: Heap) {
    let encoding: Encoding =
      switch column.values {
      case .booleans(let values): .booleans(heap.copy(values))
      case .integers(let values): .integers64(heap.copy(values))
      case .doubles(let values): .doubles(heap.copy(values))
      case .texts(let codes, let dictionary):
        // Stored nulls have code 0, so that none is taken for a text.
        .codes32(
          heap.copy(column.validity.map { zip(codes, $0).map { $1 == 0 ? 0 : $0 } } ?? codes), dictionary)
      }
    self.init(
      type: column.type, encoding: encoding,
      nulls: column.validity.map { .marked(heap.copy($0)) } ?? .nowhere,
      count: column.count, owner: heap)
  }
}
