/// Finds the rows of an entity that have the event and id of another one, which came earlier in the files.
struct DuplicateFilter {
  /// One byte a row of the log, 1 where the row is a duplicate; as long as needed to reach the last of them.
  private(set) var dropped: [UInt8] = []
  private(set) var count = 0

  private struct Row {
    var row: Int
    var sequence: Int64
    var event: Int64
    var id: Int64
  }

  /// The entity's rows so far that have an id, of which no two are equal.
  private var rows: [Row] = []
  /// Position in `rows` + 1 by hash, with linear probing; 0 where there is none. A power of two long.
  private var slots = [Int32](repeating: 0, count: 16)

  /// Notes a row; the earliest in `sequence` of equal rows is kept.
  mutating func add(row: Int, sequence: Int64, event: Int64, id: Int64) {
    if rows.count * 2 >= slots.count { grow() }
    var slot = self.slot(event, id)
    while slots[slot] != 0 {
      let place = Int(slots[slot]) - 1
      if rows[place].event == event, rows[place].id == id {
        count += 1
        if sequence < rows[place].sequence {
          drop(rows[place].row)
          rows[place].row = row
          rows[place].sequence = sequence
        } else {
          drop(row)
        }
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    rows.append(Row(row: row, sequence: sequence, event: event, id: id))
    slots[slot] = Int32(rows.count)
  }

  /// Notes that there is an event and id beside the rows that were added: the one that has both is a duplicate.
  mutating func meet(event: Int64, id: Int64) {
    var slot = self.slot(event, id)
    while slots[slot] != 0 {
      let row = rows[Int(slots[slot]) - 1]
      if row.event == event, row.id == id {
        if row.row >= dropped.count || dropped[row.row] == 0 {
          count += 1
          drop(row.row)
        }
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
  }

  /// Forgets the rows of the entity: those to come are another's.
  mutating func startEntity() {
    guard !rows.isEmpty else { return }
    if slots.count > 1024 {
      slots = [Int32](repeating: 0, count: 16)
    } else {
      for index in slots.indices { slots[index] = 0 }
    }
    rows.removeAll(keepingCapacity: true)
  }

  private mutating func drop(_ row: Int) {
    if row >= dropped.count { dropped.append(contentsOf: repeatElement(0, count: row + 1 - dropped.count)) }
    dropped[row] = 1
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for (place, row) in rows.enumerated() {
      var slot = self.slot(row.event, row.id)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(place + 1)
    }
  }

  private func slot(_ event: Int64, _ id: Int64) -> Int {
    let mixed = (UInt64(bitPattern: id) ^ UInt64(bitPattern: event) &* 0x9E37_79B9_7F4A_7C15)
      .multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return Int(truncatingIfNeeded: mixed.high ^ mixed.low) & (slots.count - 1)
  }
}
