/// The rows of one entity, which lie one after another. Spans of several are followed by one that says where rows end.
struct EntitySpan {
  /// The distance of the entity from the first one of a batch; of the end more than any.
  let entity: UInt32
  /// Where the first row lies.
  let place: Int32
  /// Which of all rows it is.
  let row: Int32

  init(_ entity: UInt32, place: Int, row: Int) {
    self.entity = entity
    self.place = Int32(truncatingIfNeeded: place)
    self.row = Int32(truncatingIfNeeded: row)
  }

  /// The spans of rows that all lie one after another.
  ///
  /// - Parameters:
  ///   - entities: for each row a number of its entity, ascending.
  ///   - shift: what makes such a number the entity's distance from the first one of a batch, modulo 2^32.
  static func all(_ entities: UnsafePointer<UInt32>, count: Int, shift: UInt32) -> [EntitySpan] {
    [EntitySpan](unsafeUninitializedCapacity: count + 1) { spans, spanCount in
      var last = UInt32.max
      for row in 0..<count {
        let entity = entities[row] &+ shift
        // Written over by the next where the entity has its span.
        spans[spanCount] = EntitySpan(entity, place: row, row: row)
        spanCount &+= Int(unsafeBitCast(entity != last, to: UInt8.self))
        last = entity
      }
      spans[spanCount] = EntitySpan(.max, place: count, row: count)
      spanCount += 1
    }
  }
}

extension [EntitySpan] {
  /// How many rows there are.
  var rowCount: Int { last.map { Int($0.row) } ?? 0 }

  /// Where some rows lie, which are ascending.
  func places(of rows: [Int32]) -> [Int32] {
    var span = 0
    return withUnsafeBufferPointer { spans in
      rows.map { row in
        while spans[span &+ 1].row <= row { span &+= 1 }
        return spans[span].place &+ (row &- spans[span].row)
      }
    }
  }

  /// Where each row lies.
  var places: [Int32] {
    [Int32](unsafeUninitializedCapacity: rowCount + 8) { target, initialized in
      let target = UnsafeMutableRawBufferPointer(target)
      let eight = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7)
      for index in 0..<Swift.max(0, count - 1) {
        let (span, end) = (self[index], self[index + 1].row)
        var row = span.row
        // Most entities have few rows; what is written beyond them is written over.
        repeat {
          let places = eight &+ (span.place &+ (row &- span.row))
          target.storeBytes(of: places, toByteOffset: Int(row) &* 4, as: SIMD8<Int32>.self)
          row &+= 8
        } while row < end
      }
      initialized = rowCount
    }
  }
}
