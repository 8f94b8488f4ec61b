import Values

/// What an aggregate of one native parameter keeps for one group.
protocol Cell {
  associatedtype Input: Native
  associatedtype Output: Native

  /// Of a group without rows.
  init()
  /// Takes a value that is not null.
  mutating func add(_ value: Input)
  /// Takes a value, or nothing where its byte of validity is 0. Which rows are null cannot be foretold: what can do
  /// without a branch does.
  mutating func add(_ value: Input, validity: UInt8)
  /// Takes in what later rows left.
  mutating func merge(_ later: Self)
  /// The group's result; nothing for null.
  func result() throws -> Output?
}

extension Cell {
  @inline(__always) mutating func add(_ value: Input, validity: UInt8) { if validity != 0 { add(value) } }
}

/// One byte a row, 1 where two have one.
@inline(__always) func both(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in filled(min(a.count, b.count)) { a[$0] & b[$0] } }
  }
}

/// Whether less than a quarter of some bytes, each of them 0 or 1, are 1.
func hasFewOnes(_ mask: UnsafeBufferPointer<UInt8>) -> Bool {
  let raw = UnsafeRawBufferPointer(mask)
  var total: UInt64 = 0
  for first in stride(from: 0, to: raw.count & ~7, by: 8) {
    let word = raw.loadUnaligned(fromByteOffset: first, as: UInt64.self)
    total &+= (word &* 0x0101_0101_0101_0101) &>> 56
  }
  return total < raw.count / 4
}

/// Calls with each place of bytes, each of them 0 or 1, that is 1, ascending.
@inline(__always) func forEachOne(_ mask: UnsafeBufferPointer<UInt8>, _ body: (Int) -> Void) {
  let raw = UnsafeRawBufferPointer(mask)
  var first = 0
  while first &+ 8 <= raw.count {
    var word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: first, as: UInt64.self))
    while word != 0 {
      body(first &+ word.trailingZeroBitCount &>> 3)
      word &= word &- 1
    }
    first &+= 8
  }
  while first < raw.count {
    if raw[first] != 0 { body(first) }
    first &+= 1
  }
}

/// The state of an aggregate whose groups each hold one cell. Nulls are passed over.
final class CellState<C: Cell>: AggregateState {
  private let type: ScalarType
  private var cells = ContiguousArray<C>()
  /// What is done to cells. A method of a generic class is reached through its unspecialised body; a closure that is
  /// made where the type of the cells is known has one of its own.
  private let fold: (inout ContiguousArray<C>, [UInt32], Column) -> Void
  private let foldRuns: (inout ContiguousArray<C>, GroupRuns, Column) -> Void
  private let widen: (inout ContiguousArray<C>, Int) -> Void
  private let join: (inout ContiguousArray<C>, ContiguousArray<C>, [UInt32]) -> Void
  private let results: (ContiguousArray<C>, ScalarType) throws -> Column

  init(_ type: ScalarType) {
    self.type = type
    fold = { cells, groups, column in
      cells.withUnsafeMutableBufferPointer { cells in
        C.Input.values(of: column).withUnsafeBufferPointer { values in
          guard let validity = column.validity else {
            if cells.count == 1 {
              var cell = cells[0]
              for value in values { cell.add(value) }
              cells[0] = cell
            } else {
              for row in groups.indices { cells[Int(groups[row])].add(values[row]) }
            }
            return
          }
          validity.withUnsafeBufferPointer { validity in
            for row in groups.indices {
              cells[Int(groups[row])].add(values[row], validity: validity[row])
            }
          }
        }
      }
    }
    foldRuns = { cells, runs, column in
      cells.withUnsafeMutableBufferPointer { cells in
        C.Input.values(of: column).withUnsafeBufferPointer { values in
          guard let validity = column.validity else {
            runs.forEach { group, rows in
              // What is added to lies in registers.
              var cell = cells[group]
              for row in rows { cell.add(values[row]) }
              cells[group] = cell
            }
            return
          }
          validity.withUnsafeBufferPointer { validity in
            if hasFewOnes(validity) {
              runs.starts.withUnsafeBufferPointer { starts in
                runs.groups.withUnsafeBufferPointer { groups in
                  var run = 0
                  forEachOne(validity) { row in
                    while Int(starts[run &+ 1]) <= row { run &+= 1 }
                    cells[Int(groups[run])].add(values[row])
                  }
                }
              }
              return
            }
            runs.forEach { group, rows in
              var cell = cells[group]
              for row in rows { cell.add(values[row], validity: validity[row]) }
              cells[group] = cell
            }
          }
        }
      }
    }
    widen = { cells, count in
      let empty = C()
      cells.append(contentsOf: repeatElement(empty, count: count - cells.count))
    }
    join = { cells, later, mapping in
      cells.withUnsafeMutableBufferPointer { cells in
        later.withUnsafeBufferPointer { later in
          for (group, target) in mapping.enumerated() { cells[Int(target)].merge(later[group]) }
        }
      }
    }
    results = { cells, type in try column(of: cells, as: type) { try $0.result() } }
  }

  var bytes: Int { cells.count * MemoryLayout<C>.stride }

  var passesOverNulls: Bool { true }

  func grow(to groupCount: Int) {
    if groupCount > cells.count { widen(&cells, groupCount) }
  }

  func update(groups: [UInt32], operands: [Operand]) {
    if operands[0].isConstant, operands[0].isNull(0) { return }
    fold(&cells, groups, operands[0].expanded(to: groups.count))
  }

  func update(runs: GroupRuns, operands: [Operand]) {
    if operands[0].isConstant, operands[0].isNull(0) { return }
    foldRuns(&cells, runs, operands[0].expanded(to: runs.rowCount))
  }

  func merge(_ later: any AggregateState, mapping: [UInt32]) { join(&cells, sameState(later).cells, mapping) }

  func finish() throws -> Column { try results(cells, type) }
}

extension AggregateState {
  /// The other state as one of this class, as the protocol promises.
  func sameState(_ other: any AggregateState) -> Self {
    guard let other = other as? Self else { preconditionFailure("states of one class are merged") }
    return other
  }
}

/// One result for each group; nothing becomes null.
@inline(__always)
func column<Element, R: Native>(
  of groups: some Collection<Element>, as type: ScalarType, _ result: (Element) throws -> R?
) rethrows -> Column {
  var validity = [UInt8](repeating: 1, count: groups.count)
  var nulls: Int = 0
  let values = try validity.withUnsafeMutableBufferPointer { validity in
    try [R](unsafeUninitializedCapacity: groups.count) { target, initialized in
      for group in groups {
        let value = try result(group)
        // Which groups have none cannot be foretold.
        let isNull = unsafeBitCast(value == nil, to: UInt8.self)
        target.initializeElement(at: initialized, to: value ?? R.blank)
        validity[initialized] = 1 &- isNull
        nulls &+= Int(isNull)
        initialized += 1
      }
    }
  }
  return R.column(values, as: type, validity: nulls > 0 ? validity : nil)
}
