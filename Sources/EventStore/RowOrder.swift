/// The rows of a log in its order: by entity, by time, and as they came where both are equal.
struct RowOrder {
  /// The numbers of rows as they came, from 0, in the log's order. Four bytes a row are what sorting holds in memory.
  private(set) var rows: [UInt32]
  /// Where in `rows` each entity's begin, and at the end how many rows there are.
  private(set) var starts: [UInt64]

  /// Sorts rows: O(rows), and for an entity whose rows do not come by time O(its rows × log its rows).
  ///
  /// - Parameters:
  ///   - entities: a row's entity, as a code.
  ///   - ranks: an entity's place in the order, by code.
  ///   - entityCount: how many places there are.
  ///   - times: a row's time.
  init(
    count: Int, entities: UnsafePointer<UInt32>, ranks: [UInt32], entityCount: Int,
    times: UnsafePointer<Int64>
  ) {
    precondition(count <= UInt32.max, "more rows than have a number are refused as they come")
    var ends = [UInt64](repeating: 0, count: entityCount + 1)
    ranks.withUnsafeBufferPointer { ranks in
      ends.withUnsafeMutableBufferPointer { ends in
        for row in 0..<count { ends[Int(ranks[Int(entities[row])]) &+ 1] &+= 1 }
        for entity in 1..<ends.count { ends[entity] &+= ends[entity &- 1] }
      }
    }
    starts = ends
    rows = [UInt32](unsafeUninitializedCapacity: count) { rows, initialized in
      ranks.withUnsafeBufferPointer { ranks in
        ends.withUnsafeMutableBufferPointer { next in
          for row in 0..<count {
            let entity = Int(ranks[Int(entities[row])])
            rows[Int(next[entity])] = UInt32(truncatingIfNeeded: row)
            next[entity] &+= 1
          }
        }
      }
      initialized = count
    }
    sortByTime(times)
  }

  private mutating func sortByTime(_ times: UnsafePointer<Int64>) {
    var keyed: [(time: Int64, row: UInt32)] = []
    let starts = starts
    rows.withUnsafeMutableBufferPointer { rows in
      for entity in 0..<starts.count - 1 {
        let range = Int(starts[entity])..<Int(starts[entity + 1])
        var latest = Int64.min
        var isSorted = true
        for place in range {
          let time = times[Int(rows[place])]
          if time < latest {
            isSorted = false
            break
          }
          latest = time
        }
        guard !isSorted else { continue }
        keyed.removeAll(keepingCapacity: true)
        for place in range { keyed.append((times[Int(rows[place])], rows[place])) }
        keyed.sort { a, b in a.time != b.time ? a.time < b.time : a.row < b.row }
        for (place, key) in zip(range, keyed) { rows[place] = key.row }
      }
    }
  }

  /// Takes out each row with the entity, event and id of one that came earlier, and says how many they were.
  ///
  /// - Parameters:
  ///   - mayRepeat: whether a row's entity has to be looked at for it.
  ///   - identity: a row's id; nothing where it has none.
  ///   - event: a row's event; negative where it has none.
  @inline(__always)
  mutating func dropDuplicates(
    mayRepeat: (UInt32) -> Bool, identity: (UInt32) -> Int64?, event: (UInt32) -> Int64
  ) -> Int {
    var filter = DuplicateFilter()
    for entity in 0..<starts.count - 1 {
      let places = Int(starts[entity])..<Int(starts[entity + 1])
      guard rows[places].contains(where: mayRepeat) else { continue }
      filter.startEntity()
      for place in places {
        guard let id = identity(rows[place]) else { continue }
        filter.add(row: place, sequence: Int64(rows[place]), event: event(rows[place]), id: id)
      }
    }
    if filter.count > 0 { drop(filter.dropped) }
    return filter.count
  }

  /// - Parameter dropped: one byte a place, 1 where its row goes; those behind the end stay.
  private mutating func drop(_ dropped: [UInt8]) {
    var kept = 0
    var entity = 0
    for place in rows.indices {
      while entity < starts.count, Int(starts[entity]) == place {
        starts[entity] = UInt64(kept)
        entity += 1
      }
      if place < dropped.count, dropped[place] != 0 { continue }
      rows[kept] = rows[place]
      kept += 1
    }
    while entity < starts.count {
      starts[entity] = UInt64(kept)
      entity += 1
    }
    rows.removeLast(rows.count - kept)
  }
}
