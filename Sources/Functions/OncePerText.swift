import Values

/// A kernel that evaluates another once for each distinct text of a batch, where one text column is all that
/// varies.
///
/// The work is proportional to the batch, however large the column's dictionary is.
func oncePerText(_ kernel: @escaping Kernel) -> Kernel {
  { operands, count, context in
    guard let sample = DistinctRows(operands, count) else { return try kernel(operands, count, context) }
    let few = operands.map {
      $0.isConstant ? $0 : Operand($0.column.gathered(sample.rows))
    }
    return try kernel(few, sample.rows.count, context).gathered(sample.ordinals)
  }
}

/// A row for each distinct value of a batch's only varying operand, and which of them each row is like.
private struct DistinctRows {
  /// The first row of each distinct value, ascending.
  private(set) var rows: [Int32] = []
  /// For each row of the batch, the position in `rows` of its like.
  private(set) var ordinals: [Int32] = []

  /// Nothing when there is more than one varying operand, or it is not a text.
  init?(_ operands: [Operand], _ count: Int) {
    let varying = operands.filter { !$0.isConstant }
    guard varying.count <= 1, count > 0 else { return nil }
    guard let column = varying.first?.column else {
      rows = [0]
      ordinals = [Int32](repeating: 0, count: count)
      return
    }
    guard case .texts(let codes, let dictionary) = column.values else { return nil }
    if dictionary.count <= max(1024, 4 * count) {
      collect(codes, column.validity, slots: dictionary.count)
    } else {
      collectSparse(codes, column.validity)
    }
  }

  /// With one slot for each text of the dictionary, and one for null.
  private mutating func collect(_ codes: [UInt32], _ validity: [UInt8]?, slots: Int) {
    var known = [Int32](repeating: -1, count: slots + 1)
    var rows: [Int32] = []
    ordinals = known.withUnsafeMutableBufferPointer { known in
      filled(codes.count) { row in
        let place = validity.map { $0[row] == 0 } ?? false ? slots : Int(codes[row])
        if known[place] < 0 {
          known[place] = Int32(rows.count)
          rows.append(Int32(row))
        }
        return known[place]
      }
    }
    self.rows = rows
  }

  /// With a hash table in proportion to the batch.
  private mutating func collectSparse(_ codes: [UInt32], _ validity: [UInt8]?) {
    var mask = 64
    while mask < codes.count * 2 { mask *= 2 }
    var known = [Int32](repeating: -1, count: mask)
    mask -= 1
    var null: Int32 = -1
    ordinals.reserveCapacity(codes.count)
    for row in codes.indices {
      if let validity, validity[row] == 0 {
        if null < 0 {
          null = Int32(rows.count)
          rows.append(Int32(row))
        }
        ordinals.append(null)
        continue
      }
      var slot = Int(truncatingIfNeeded: UInt64(codes[row]) &* 0x9E37_79B9_7F4A_7C15 &>> 32) & mask
      while known[slot] >= 0, codes[Int(rows[Int(known[slot])])] != codes[row] { slot = (slot + 1) & mask }
      if known[slot] < 0 {
        known[slot] = Int32(rows.count)
        rows.append(Int32(row))
      }
      ordinals.append(known[slot])
    }
  }
}
