import Values

/// Aggregates that pick one value of each group: the largest, the first, the one that goes with the largest.
enum Extremes {
  static let functions: [AggregateFunction] = [
    AggregateFunction(
      "min", "The smallest value; texts are compared by their UTF-8 bytes.", extremes(.smallest),
      display: .argument(0), examples: [Example("min(x)", "1", over: [x])]),
    AggregateFunction(
      "max", "The largest value; NaN is larger than every number.", extremes(.largest), display: .argument(0),
      examples: [Example("max(x)", "3", over: [x])]),
    AggregateFunction(
      "first", "The first value that is not null, in the order of the rows.", positions(.first),
      display: .argument(0), examples: [Example("first(x)", "2", over: [x])]),
    AggregateFunction(
      "last", "The last value that is not null, in the order of the rows.", positions(.last),
      display: .argument(0), examples: [Example("last(x)", "1", over: [x])]),
    AggregateFunction(
      "arg_max",
      "The value of the row in which another one is largest, of the first such row. "
        + "Rows where one of them is null are passed over.",
      companions(.largest), display: .argument(0),
      examples: [Example("arg_max(name, x)", "c", over: [name, x])]),
    AggregateFunction(
      "arg_min",
      "The value of the row in which another one is smallest, of the first such row. "
        + "Rows where one of them is null are passed over.",
      companions(.smallest), display: .argument(0),
      examples: [Example("arg_min(name, x)", "d", over: [name, x])]),
  ]

  private static let x = Example.Input("x", .integer, [.null, .integer(2), .integer(3), .integer(1)])
  private static let name = Example.Input("name", .text, [.text("a"), .text("b"), .text("c"), .text("d")])

  private static func extremes(_ end: End) -> [AggregateFunction.Overload] {
    ScalarType.allCases.map { type in
      .init(
        [Parameter("x", type)], result: type, sql: { $1.anyCall(end == .smallest ? "min" : "max", $0[0]) }
      ) { end.extreme(type) }
    }
  }

  private static func companions(_ end: End) -> [AggregateFunction.Overload] {
    ScalarType.allCases.flatMap { value in
      ScalarType.allCases.map { by in
        .init(
          [Parameter("value", value), Parameter("by", by)], result: value,
          sql: { sql, rows in
            // Of rows that are equal the first.
            let place = "row(\(sql[1]), \(end == .smallest ? "" : "-")\(rows.order))"
            return rows.anyCall(
              end == .smallest ? "arg_min" : "arg_max", "\(sql[0]), \(place)",
              where: "\(sql[0]) is not null and \(sql[1]) is not null")
          }
        ) { end.companion(value, by: by) }
      }
    }
  }

  private static func positions(_ end: PositionState.End) -> [AggregateFunction.Overload] {
    ScalarType.allCases.map { type in
      .init(
        [Parameter("x", type)], result: type,
        sql: { sql, rows in
          // The last of distinct values is the one that came up last, which is not the last of all.
          if end == .last, !rows.takesEach { return nil }
          let name = end == .first ? "arg_min" : "arg_max"
          return rows.anyCall(name, "\(sql[0]), \(rows.order)", where: "\(sql[0]) is not null")
        }
      ) { PositionState(type, end) }
    }
  }
}

/// Which end of an order is wanted.
private enum End {
  case smallest, largest

  /// Whether a value wins that is in this order to the best so far: negative before it, positive after it.
  func beats(_ order: Int) -> Bool { self == .largest ? order > 0 : order < 0 }

  func extreme(_ type: ScalarType) -> any AggregateState {
    switch (type, self) {
    case (.boolean, .smallest): CellState<ExtremeCell<UInt8, Downwards>>(type)
    case (.boolean, .largest): CellState<ExtremeCell<UInt8, Upwards>>(type)
    case (.double, .smallest): CellState<ExtremeCell<Double, Downwards>>(type)
    case (.double, .largest): CellState<ExtremeCell<Double, Upwards>>(type)
    case (.text, _): TextCompanion(type, self)
    case (_, .smallest): CellState<ExtremeCell<Int64, Downwards>>(type)
    case (_, .largest): CellState<ExtremeCell<Int64, Upwards>>(type)
    }
  }

  func companion(_ value: ScalarType, by: ScalarType) -> any AggregateState {
    switch (by, self) {
    case (.boolean, .smallest): Companion<UInt8, Downwards>(value)
    case (.boolean, .largest): Companion<UInt8, Upwards>(value)
    case (.double, .smallest): Companion<Double, Downwards>(value)
    case (.double, .largest): Companion<Double, Upwards>(value)
    case (.text, _): TextCompanion(value, self)
    case (_, .smallest): Companion<Int64, Downwards>(value)
    case (_, .largest): Companion<Int64, Upwards>(value)
    }
  }
}

/// Which of two values wins.
private protocol Direction {
  /// What no value loses to.
  static func start<T: Ordered>(_: T.Type) -> T
  static func wins<T: Ordered>(_ a: T, over b: T) -> Bool
}

private enum Upwards: Direction {
  @inline(__always) static func start<T: Ordered>(_: T.Type) -> T { T.least }
  @inline(__always) static func wins<T: Ordered>(_ a: T, over b: T) -> Bool { T.precedes(b, a) }
}

private enum Downwards: Direction {
  @inline(__always) static func start<T: Ordered>(_: T.Type) -> T { T.greatest }
  @inline(__always) static func wins<T: Ordered>(_ a: T, over b: T) -> Bool { T.precedes(a, b) }
}

private struct ExtremeCell<T: Ordered, D: Direction>: Cell {
  private var best = D.start(T.self)
  private var hasValue: UInt8 = 0

  @inline(__always) mutating func add(_ value: T) { add(value, validity: 1) }

  @inline(__always) mutating func add(_ value: T, validity: UInt8) {
    // After the first few values hardly any wins.
    if unsafeBitCast(D.wins(value, over: best), to: UInt8.self) & validity != 0 { best = value }
    hasValue |= validity
  }

  mutating func merge(_ later: ExtremeCell) { add(later.best, validity: later.hasValue) }
  func result() -> T? { hasValue == 0 ? nil : best }
}

/// Picks by a native value. In each batch only winning rows' numbers are kept; their values are read at its
/// end.
private final class Companion<By: Ordered, D: Direction>: AggregateState {
  private var picked: PickedValues
  private var best: [By] = []
  /// The loop over a batch, made where the types are known as in `CellState`.
  private let fold: (inout PickedValues, inout [By], [UInt32], Lane<By>, [UInt8]?) -> Void

  init(_ type: ScalarType) {
    picked = PickedValues(type)
    fold = { picked, best, groups, by, validity in
      for row in groups.indices where validity == nil || validity?[row] == 1 {
        let group = Int(groups[row])
        guard !picked.isTaken(group) || D.wins(by[row], over: best[group]) else { continue }
        best[group] = by[row]
        picked.pick(row, for: group)
      }
    }
  }

  var bytes: Int { picked.bytes + best.count * MemoryLayout<By>.stride }

  func grow(to groupCount: Int) {
    picked.grow(to: groupCount)
    if groupCount > best.count {
      best.append(contentsOf: repeatElement(By.blank, count: groupCount - best.count))
    }
  }

  func update(groups: [UInt32], operands: [Operand]) {
    let count = groups.count
    if operands.contains(where: { $0.isConstant && $0.isNull(0) }) { return }
    let values = operands[0].expanded(to: count)
    fold(&picked, &best, groups, Lane<By>(operands[1]), jointValidity(operands, count))
    picked.take(from: values)
  }

  func merge(_ later: any AggregateState, mapping: [UInt32]) {
    let later = sameState(later)
    for (group, target) in mapping.enumerated() where later.picked.hasValue(group) {
      let target = Int(target)
      if picked.hasValue(target), !D.wins(later.best[group], over: best[target]) { continue }
      best[target] = later.best[group]
      picked.take(target, from: later.picked, group)
    }
  }

  func finish() -> Column { picked.column() }
}

/// Picks by a text.
private final class TextCompanion: AggregateState {
  private let end: End
  private var picked: PickedValues
  private var best = PickedValues(.text)

  init(_ type: ScalarType, _ end: End) {
    self.end = end
    picked = PickedValues(type)
  }

  var bytes: Int { picked.bytes + best.bytes }

  func grow(to groupCount: Int) {
    picked.grow(to: groupCount)
    best.grow(to: groupCount)
  }

  func update(groups: [UInt32], operands: [Operand]) {
    let count = groups.count
    if operands.contains(where: { $0.isConstant && $0.isNull(0) }) { return }
    let values = operands[0].expanded(to: count)
    let keys = operands.count > 1 ? operands[1].expanded(to: count) : values
    let by = TextLane(Operand(keys))
    let validity = jointValidity(operands, count)
    TextCompanion.fold(&best, &picked, groups, by, validity, end)
    best.take(from: keys)
    picked.take(from: values)
  }

  func merge(_ later: any AggregateState, mapping: [UInt32]) {
    let later = sameState(later)
    for (group, target) in mapping.enumerated() where later.best.hasValue(group) {
      let target = Int(target)
      if best.hasValue(target), !beats(TextDictionary.compare(later.best.text(group), best.text(target))) {
        continue
      }
      best.take(target, from: later.best, group)
      picked.take(target, from: later.picked, group)
    }
  }

  func finish() -> Column { picked.column() }

  private func beats(_ order: Int) -> Bool { end.beats(order) }

  /// The loop over a batch. Texts of one sorted dictionary are compared by their codes.
  private static func fold(
    _ best: inout PickedValues, _ picked: inout PickedValues, _ groups: [UInt32], _ by: TextLane,
    _ validity: [UInt8]?, _ end: End
  ) {
    let isSorted = by.dictionary.isSorted
    for row in groups.indices where validity == nil || validity?[row] == 1 {
      let group = Int(groups[row])
      if best.isTaken(group) {
        let rival = best.pickedRow(group)
        let order: Int
        if isSorted, let code = rival >= 0 ? by.code(rival) : best.code(group, in: by.dictionary) {
          order = Int(by.code(row)) - Int(code)
        } else {
          order = TextDictionary.compare(by[row], rival >= 0 ? by[rival] : best.text(group))
        }
        guard end.beats(order) else { continue }
      }
      best.pick(row, for: group)
      picked.pick(row, for: group)
    }
  }
}

/// Picks by the order of the rows.
private final class PositionState: AggregateState {
  enum End { case first, last }

  private let end: End
  private var picked: PickedValues

  init(_ type: ScalarType, _ end: End) {
    self.end = end
    picked = PickedValues(type)
  }

  var bytes: Int { picked.bytes }

  func grow(to groupCount: Int) { picked.grow(to: groupCount) }

  func update(groups: [UInt32], operands: [Operand]) {
    let column = operands[0].expanded(to: groups.count)
    switch end {
    case .first: picked.pickFirst(groups, column.validity)
    case .last: picked.pickLast(groups, column.validity)
    }
    picked.take(from: column)
  }

  func merge(_ later: any AggregateState, mapping: [UInt32]) {
    let later = sameState(later)
    for (group, target) in mapping.enumerated() where later.picked.hasValue(group) {
      if end == .first, picked.hasValue(Int(target)) { continue }
      picked.take(Int(target), from: later.picked, group)
    }
  }

  func finish() -> Column { picked.column() }
}
