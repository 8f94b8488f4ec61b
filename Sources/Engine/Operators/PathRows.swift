import EventStore
import Values

/// The events of a batch in the order in which paths go through them.
struct PathRows {
  /// Codes of events, none of which is null, as wide as they are stored.
  enum Codes {
    case stored8(UnsafePointer<UInt8>)
    case stored16(UnsafePointer<UInt16>)
    case stored32(UnsafePointer<UInt32>)
    case read([UInt32])
  }

  let codes: Codes
  let dictionary: TextDictionary
  /// One byte a row, 1 where a path may begin; nothing where it begins with the first row.
  let anchors: [UInt8]?
  /// Where the rows of each path begin, and after the last one how many rows there are.
  let starts: [Int]

  /// Calls `body` with each step of the paths: its position from 0 on, the code of the event nearer to the anchor, and
  /// that of the next one; as many as there are texts where the path is over.
  @inline(__always)
  func forEachStep(
    _ direction: CompiledPaths.Direction, depth: Int, collapses: Bool,
    _ body: (_ position: Int, _ near: Int, _ far: Int) -> Void
  ) {
    switch codes {
    case .stored8(let codes): walk(codes, direction, depth, collapses, body)
    case .stored16(let codes): walk(codes, direction, depth, collapses, body)
    case .stored32(let codes): walk(codes, direction, depth, collapses, body)
    case .read(let codes):
      codes.withUnsafeBufferPointer { codes in
        guard let codes = codes.baseAddress else { return }
        walk(codes, direction, depth, collapses, body)
      }
    }
  }

  @inline(__always)
  private func walk<Code: FixedWidthInteger>(
    _ codes: UnsafePointer<Code>, _ direction: CompiledPaths.Direction, _ depth: Int, _ collapses: Bool,
    _ body: (_ position: Int, _ near: Int, _ far: Int) -> Void
  ) {
    let over = dictionary.count
    let stride = direction == .forward ? 1 : -1
    for path in 0..<max(0, starts.count - 1) {
      let (first, end) = (starts[path], starts[path &+ 1])
      var place = first
      if let anchors {
        while place < end, anchors[place] == 0 { place &+= 1 }
        if place == end { continue }
      }
      let stop = direction == .forward ? end : first &- 1
      var here = codes[place]
      var position = 0
      while position &+ 1 < depth {
        repeat { place &+= stride } while place != stop && collapses && codes[place] == here
        if place == stop { break }
        let next = codes[place]
        body(position, Int(truncatingIfNeeded: here), Int(truncatingIfNeeded: next))
        here = next
        position &+= 1
      }
      body(position, Int(truncatingIfNeeded: here), over)
    }
  }
}

extension CompiledPaths {
  /// The rows of a batch; nothing where no path goes through one.
  func rows(_ batch: Batch) throws -> PathRows? {
    let anchors = try anchor.map { try mask($0, batch) }
    if session == nil, hidden == nil, let (codes, dictionary) = storedCodes(batch) {
      return PathRows(codes: codes, dictionary: dictionary, anchors: anchors, starts: batch.entityStarts)
    }
    let events = try batch.column(event)
    let (codes, dictionary) = events.textValues
    var isShown = events.validity ?? [UInt8](repeating: 1, count: batch.count)
    if let hidden { isShown = zipped(isShown, try mask(hidden, batch)) { $0 & ($1 ^ 1) } }
    var rows: [Int32]
    switch RowChoice(mask: isShown) {
    case .none: return nil
    case .all where session == nil:
      return PathRows(
        codes: .read(codes), dictionary: dictionary, anchors: anchors, starts: batch.entityStarts)
    case .all: rows = (0..<Int32(truncatingIfNeeded: batch.count)).map { $0 }
    case .some(let shown): rows = shown
    }
    let entities = batch.entityPositions
    let sessions = try sessions(batch)
    if let sessions { CompiledPaths.order(&rows, bySession: sessions, entities) }
    var starts: [Int] = []
    for (index, row) in rows.enumerated() {
      let (row, before) = (Int(row), Int(rows[max(0, index - 1)]))
      if index == 0 || entities[row] != entities[before]
        || sessions.map({ $0[row] != $0[before] }) ?? false
      {
        starts.append(index)
      }
    }
    return PathRows(
      codes: .read(codes.gathered(rows)), dictionary: dictionary, anchors: anchors?.gathered(rows),
      starts: starts + [rows.count])
  }

  /// Puts the rows of each session of an entity side by side. Sessions may overlap where they are the source's own.
  private static func order(_ rows: inout [Int32], bySession sessions: [UInt32], _ entities: [Int32]) {
    func key(_ row: Int32) -> UInt64 {
      UInt64(UInt32(bitPattern: entities[Int(row)])) << 32 | UInt64(sessions[Int(row)])
    }
    let isOrdered = zip(rows, rows.dropFirst()).allSatisfy { key($0) <= key($1) }
    if !isOrdered { rows.sort { (key($0), $0) < (key($1), $1) } }
  }

  /// Equal numbers for rows of one session.
  private func sessions(_ batch: Batch) throws -> [UInt32]? {
    guard let session else { return nil }
    if let made = session as? SessionNode, made.isIdentity { return try made.numbers(batch) }
    var numbers = GroupTable([session.type])
    return numbers.groups(of: [try batch.column(session)], count: batch.count)
  }

  /// The codes of all rows of a log as they lie there, if no event is null.
  private func storedCodes(_ batch: Batch) -> (PathRows.Codes, TextDictionary)? {
    guard let source = event as? SourceNode, batch.rootPositions == nil, case .log(let log) = batch.source,
      let stored = log.columns[source.position], case .nowhere = stored.nulls
    else { return nil }
    let first = batch.rows.lowerBound
    switch stored.encoding {
    case .codes8(let codes, let dictionary): return (.stored8(codes + first), dictionary)
    case .codes16(let codes, let dictionary): return (.stored16(codes + first), dictionary)
    case .codes32(let codes, let dictionary): return (.stored32(codes + first), dictionary)
    default: return nil
    }
  }

  private func mask(_ condition: Node, _ batch: Batch) throws -> [UInt8] {
    Truth(try batch.value(condition), count: batch.count).isTrue
  }
}
