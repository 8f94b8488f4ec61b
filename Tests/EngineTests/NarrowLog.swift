import Values

@testable import EventStore

/// A log whose columns lie as a store has them: times in seconds from the first one, codes in a byte or two, sorted
/// dictionaries.
enum NarrowLog {
  /// - Parameter codeBytes: how many bytes a code has.
  static func log(_ log: EventLog, codeBytes: Int) -> EventLog {
    let memory = Memory()
    let columns = log.columns.map { $0.map { narrowed($0, codeBytes, memory) } }
    return EventLog(
      schema: log.schema, roles: log.roles, rowCount: log.rowCount, entityCount: log.entityCount,
      fingerprint: log.fingerprint, offsets: log.offsets, entities: log.entities, columns: columns,
      runs: nil, times: log.times, owner: Owners(log, memory))
  }

  /// The same with runs, whose times lie in seconds too.
  static func withRuns(_ wide: EventLog) throws -> EventLog {
    let log = log(wide, codeBytes: 1)
    guard let names = log.columns[log.eventPosition],
      case .codes8(let codes, let dictionary) = names.encoding,
      case .integers(let times) = wide.columns[log.timePosition]?.read(0..<log.rowCount).values
    else { throw StoreError("a log has names and times") }
    let memory = Memory()
    let valid = names.validity(of: 0..<log.rowCount)
    let named = (0..<log.rowCount).filter { valid?[$0] != 0 }
    let rows = (0..<dictionary.count).flatMap { code in named.filter { Int(codes[$0]) == code } }
    let starts = (0...dictionary.count).map { code in UInt64(named.count { Int(codes[$0]) < code }) }
    let entities = (0..<log.entityCount).flatMap { entity in
      log.rows(ofEntity: entity).map { _ in UInt32(entity) }
    }
    let runs = EventRuns(
      starts: memory.copy(starts), entities: memory.copy(rows.map { entities[$0] }),
      rows: memory.copy(rows.map { UInt32($0) }),
      times: seconds(rows.map { times[$0] }, from: times.min() ?? 0, memory), owner: memory)
    return EventLog(
      schema: log.schema, roles: log.roles, rowCount: log.rowCount, entityCount: log.entityCount,
      fingerprint: log.fingerprint, offsets: log.offsets, entities: log.entities,
      columns: Array(log.columns), runs: runs, times: log.times, owner: Owners(log, memory))
  }

  /// Times in seconds, and in microseconds within these where any has some.
  private static func seconds(_ times: [Int64], from first: Int64, _ memory: Memory) -> StoredColumn {
    let base = Calendar.floorDivide(first, 1_000_000) * 1_000_000
    let parts = times.map { UInt32(($0 - base) % 1_000_000) }
    return StoredColumn(
      type: .timestamp,
      encoding: .seconds(
        memory.copy(times.map { UInt32(($0 - base) / 1_000_000) }), base: base,
        microseconds: parts.contains { $0 > 0 } ? memory.copy(parts) : nil),
      count: times.count, owner: memory)
  }

  private static func narrowed(_ stored: StoredColumn, _ codeBytes: Int, _ memory: Memory) -> StoredColumn {
    let column = stored.read(0..<stored.count)
    switch column.values {
    case .integers(let values) where column.type == .timestamp:
      return seconds(values, from: values.min() ?? 0, memory)
    case .texts(let codes, let dictionary):
      let texts = (0..<dictionary.count).map { dictionary.text($0) }
      let sorted = texts.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
      let ranks = texts.map { text in sorted.firstIndex { $0.utf8.elementsEqual(text.utf8) } ?? 0 }
      let ranked = codes.indices.map { column.isNull($0) ? 0 : ranks[Int(codes[$0])] }
      let encoding: StoredColumn.Encoding =
        codeBytes == 1
        ? .codes8(memory.copy(ranked.map { UInt8($0) }), TextDictionary(sorted))
        : .codes16(memory.copy(ranked.map { UInt16($0) }), TextDictionary(sorted))
      return StoredColumn(
        type: .text, encoding: encoding, nulls: stored.nulls, count: stored.count,
        owner: Owners(memory, stored))
    default: return stored
    }
  }

  final class Memory {
    private var blocks: [UnsafeMutableRawBufferPointer] = []

    func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
      let block = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(1, elements.count) * MemoryLayout<Element>.stride,
        alignment: MemoryLayout<Element>.alignment)
      blocks.append(block)
      guard let start = block.baseAddress else { preconditionFailure("a block has a byte at least") }
      let typed = start.bindMemory(to: Element.self, capacity: max(1, elements.count))
      typed.initialize(from: elements, count: elements.count)
      return UnsafePointer(typed)
    }

    deinit { for block in blocks { block.deallocate() } }
  }

  final class Owners {
    private let all: [Any]

    init(_ all: Any...) { self.all = all }
  }
}
