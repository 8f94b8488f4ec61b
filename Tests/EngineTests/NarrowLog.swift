import EventStore
import Values

/// A log whose columns lie as a store has them: times in seconds from the first one and parts of a second where there are some, codes in a byte or two, sorted
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

  private static func narrowed(_ stored: StoredColumn, _ codeBytes: Int, _ memory: Memory) -> StoredColumn {
    let column = stored.read(0..<stored.count)
    switch column.values {
    case .integers(let values) where column.type == .timestamp:
      let base = (values.min() ?? 0) / 1_000_000 * 1_000_000
      let seconds = memory.copy(values.map { UInt32(($0 - base) / 1_000_000) })
      let parts = values.map { UInt32(($0 - base) % 1_000_000) }
      let microseconds = parts.contains { $0 > 0 } ? memory.copy(parts) : nil
      return StoredColumn(
        type: .timestamp, encoding: .seconds(seconds, base: base, microseconds: microseconds),
        count: stored.count, owner: memory)
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
