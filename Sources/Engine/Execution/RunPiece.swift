/// A part of one name's run.
struct RunPiece {
  let code: UInt32
  let places: Range<Int>
  /// The entities whose rows count, by distances from the first of the places, where not all do.
  private(set) var chosen: [EntitySpan]?

  init(code: UInt32, places: Range<Int>) {
    self.code = code
    self.places = places
  }

  var count: Int { chosen?.rowCount ?? places.count }

  /// The rows of some entities; nothing where there are none.
  ///
  /// - Parameters:
  ///   - wanted: numbers of entities.
  ///   - batch: the entities that all places are of.
  ///   - entities: those of all places.
  func narrowed(
    to wanted: RowEntities, of batch: Range<Int>, among entities: UnsafePointer<UInt32>
  ) -> RunPiece? {
    let own = entities + places.lowerBound
    var piece = self
    // Where entities have few rows each is asked whose it is; where they have many those of entities are searched for.
    piece.chosen =
      places.count <= 4 * wanted.count ? asked(wanted, batch, own) : searched(wanted, batch, own)
    return piece.count == 0 ? nil : piece
  }

  private func asked(
    _ wanted: RowEntities, _ batch: Range<Int>, _ own: UnsafePointer<UInt32>
  ) -> [EntitySpan] {
    let members = EntitySet(wanted, of: batch)
    let first = UInt32(truncatingIfNeeded: batch.lowerBound)
    return members.words.withUnsafeBufferPointer { words in
      [EntitySpan](unsafeUninitializedCapacity: places.count + 1) { spans, spanCount in
        var row = 0
        var last = UInt32.max
        for place in 0..<places.count {
          let entity = own[place] &- first
          let isMember = Int(truncatingIfNeeded: words[Int(entity &>> 6)] &>> UInt64(entity & 63)) & 1
          // Written over where this is not the first row of a member.
          spans[spanCount] = EntitySpan(entity, place: place, row: row)
          spanCount &+= isMember & Int(unsafeBitCast(entity != last, to: UInt8.self))
          row &+= isMember
          last = entity
        }
        spans[spanCount] = EntitySpan(.max, place: places.count, row: row)
        spanCount += 1
      }
    }
  }

  private func searched(
    _ wanted: RowEntities, _ batch: Range<Int>, _ own: UnsafePointer<UInt32>
  ) -> [EntitySpan] {
    let count = places.count
    let first = UInt32(truncatingIfNeeded: batch.lowerBound)
    let shift = UInt32(truncatingIfNeeded: wanted.first)
    return [EntitySpan](unsafeUninitializedCapacity: wanted.count + 1) { spans, spanCount in
      var place = 0
      var row = 0
      var last = UInt32.max
      for index in 0..<wanted.count {
        let entity = wanted.numbers[index] &+ shift
        if entity == last { continue }
        last = entity
        let start = firstPlace(notBefore: entity, in: own, from: place, to: count, limit: count)
        place = firstPlace(notBefore: entity &+ 1, in: own, from: start, to: count, limit: count)
        // Written over where the entity has no row.
        spans[spanCount] = EntitySpan(entity &- first, place: start, row: row)
        spanCount &+= Int(unsafeBitCast(start < place, to: UInt8.self))
        row &+= place &- start
        if place == count { break }
      }
      spans[spanCount] = EntitySpan(.max, place: count, row: row)
      spanCount += 1
    }
  }
}

/// Some entities of a batch.
private struct EntitySet {
  /// A bit for each entity of the batch.
  var words: [UInt64]

  init(_ members: RowEntities, of batch: Range<Int>) {
    words = [UInt64](repeating: 0, count: batch.count / 64 + 1)
    let shift = UInt32(truncatingIfNeeded: members.first - batch.lowerBound)
    words.withUnsafeMutableBufferPointer { words in
      var bits: UInt64 = 0
      var last = 0
      for index in 0..<members.count {
        let entity = members.numbers[index] &+ shift
        let word = Int(entity &>> 6)
        // Those of one word are put together before they are written, since reading what was just written is slow.
        bits = (word == last ? bits : 0) | 1 &<< UInt64(entity & 63)
        words[word] = bits
        last = word
      }
    }
  }
}
