import Testing
import Values

@testable import Functions

/// Aggregates on random rows and groups: at once, in parts that are merged, and against a naive oracle.
struct AggregateTests {
  private struct Rows {
    var groups: [UInt32]
    var operands: [Operand]

    func part(_ range: Range<Int>) -> Rows {
      let positions = range.map { Int32($0) }
      return Rows(
        groups: Array(groups[range]),
        operands: operands.map { $0.isConstant ? $0 : Operand($0.column.gathered(positions)) })
    }

    /// The values of a group's rows, in order.
    func values(of group: Int) -> [[Scalar]] {
      groups.indices.filter { groups[$0] == group }.map { row in operands.map { $0.scalar(row) } }
    }
  }

  private static let groupCount = 4

  private func rows(_ overload: AggregateFunction.Overload, seed: UInt64, _ temper: RandomOperands.Temper)
    -> Rows
  {
    var random = RandomOperands(seed: seed, temper)
    let count = [0, 1, 3, 60][Int(seed % 4)]
    // The last group never has a row; in some rounds only the first one has.
    let used = seed % 3 == 0 ? 1 : UInt32(Self.groupCount - 1)
    let groups = (0..<count).map { _ in UInt32.random(in: 0..<used, using: &random.generator) }
    let operands = overload.parameters.map { parameter -> Operand in
      if parameter.name == "share" { return Operand(constant: .double(0.3), type: .double) }
      return random.operand(parameter, count: count)
    }
    return Rows(groups: groups, operands: operands)
  }

  private func result(_ overload: AggregateFunction.Overload, _ rows: Rows) throws -> [Scalar] {
    let state = overload.makeState()
    state.grow(to: Self.groupCount)
    try state.update(groups: rows.groups, operands: rows.operands)
    return try state.finish().scalars
  }

  /// In three batches, the last two in a state of their own whose groups are numbered from the end.
  private func mergedResult(_ overload: AggregateFunction.Overload, _ rows: Rows) throws -> [Scalar] {
    let count = rows.groups.count
    let cuts = [0, count / 3, count / 2, count]
    let first = overload.makeState()
    first.grow(to: 1)
    first.grow(to: Self.groupCount)
    let batch = rows.part(cuts[0]..<cuts[1])
    try first.update(groups: batch.groups, operands: batch.operands)
    let later = overload.makeState()
    later.grow(to: Self.groupCount)
    for (start, end) in [(cuts[1], cuts[2]), (cuts[2], cuts[3])] {
      let batch = rows.part(start..<end)
      try later.update(
        groups: batch.groups.map { UInt32(Self.groupCount - 1) - $0 }, operands: batch.operands)
    }
    try first.merge(later, mapping: (0..<Self.groupCount).map { UInt32(Self.groupCount - 1 - $0) })
    return try first.finish().scalars
  }

  private func close(_ a: Scalar, _ b: Scalar) -> Bool {
    guard case .double(let x) = a, case .double(let y) = b else { return same(a, b) }
    return same(a, b) || abs(x - y) <= 1e-9 * max(1, abs(x))
  }

  @Test(arguments: Catalogue.aggregates.map(\.name))
  func partsMakeTheWhole(name: String) throws {
    let function = try #require(Catalogue.aggregate(name))
    for overload in function.overloads {
      for seed in 0..<16 as Range<UInt64> {
        let rows = rows(overload, seed: seed, .tame)
        let whole = try result(overload, rows)
        let merged = try mergedResult(overload, rows)
        #expect(whole.count == Self.groupCount)
        for (a, b) in zip(whole, merged) {
          #expect(
            close(a, b), "\(name) of \(overload.parameters.map(\.type)), seed \(seed): \(whole), \(merged)")
        }
      }
    }
  }

  /// Rows that are given in runs are the rows.
  @Test(arguments: Catalogue.aggregates.map(\.name))
  func runsAreRows(name: String) throws {
    let function = try #require(Catalogue.aggregate(name))
    for overload in function.overloads {
      for seed in 0..<16 as Range<UInt64> {
        let rows = rows(overload, seed: seed, .tame)
        let heads = rows.groups.indices.filter { $0 == 0 || rows.groups[$0] != rows.groups[$0 - 1] }
        let runs = GroupRuns(
          starts: heads.map { Int32($0) } + (rows.groups.isEmpty ? [0] : [Int32(rows.groups.count)]),
          groups: heads.map { rows.groups[$0] })
        #expect(runs.groupOfRow == rows.groups)
        let state = overload.makeState()
        state.grow(to: Self.groupCount)
        try state.update(runs: runs, operands: rows.operands)
        let (found, expected) = (try state.finish().scalars, try result(overload, rows))
        #expect(zip(found, expected).allSatisfy(same), "\(name), seed \(seed): \(found), \(expected)")
      }
    }
  }

  /// A group that came after the last row is there when states are merged.
  @Test(arguments: Catalogue.aggregates.map(\.name))
  func groupsWithoutRowsAreMerged(name: String) throws {
    let function = try #require(Catalogue.aggregate(name))
    for overload in function.overloads {
      let rows = rows(overload, seed: 3, .tame)
      let state = overload.makeState()
      state.grow(to: 1)
      let later = overload.makeState()
      later.grow(to: Self.groupCount)
      try later.update(groups: rows.groups, operands: rows.operands)
      later.grow(to: 2 * Self.groupCount)
      let groupCount = UInt32(2 * Self.groupCount)
      state.grow(to: Int(groupCount))
      try state.merge(later, mapping: Array(0..<groupCount))
      let (found, expected) = (try state.finish().scalars, try result(overload, rows))
      #expect(zip(found, expected).allSatisfy(close), "\(name): \(found), \(expected)")
    }
  }

  @Test(arguments: Catalogue.aggregates.map(\.name))
  func wildValuesAreSurvived(name: String) throws {
    let function = try #require(Catalogue.aggregate(name))
    for overload in function.overloads {
      for seed in 0..<16 as Range<UInt64> {
        let rows = rows(overload, seed: seed, .wild)
        do {
          let column = try result(overload, rows)
          #expect(column.count == Self.groupCount)
          _ = try mergedResult(overload, rows)
        } catch {
          #expect(error is EvaluationError && name == "sum", "\(name): \(error)")
        }
      }
    }
  }

  // MARK: Naive oracle

  private func precedes(_ a: Scalar, _ b: Scalar) -> Bool {
    switch (a, b) {
    case (.text(let a), .text(let b)): Array(a.utf8).lexicographicallyPrecedes(Array(b.utf8))
    case (.boolean(let a), .boolean(let b)): !a && b
    case (.double(let a), .double(let b)): a < b || (!a.isNaN && b.isNaN)
    default: (a.integral ?? 0) < (b.integral ?? 0)
    }
  }

  private func oracle(_ name: String, _ rows: [[Scalar]]) -> Scalar? {
    if name == "count", rows.first?.isEmpty ?? false { return .integer(Int64(rows.count)) }
    let complete = rows.filter { !$0.contains(.null) }
    let values = complete.compactMap(\.first)
    let numbers = values.compactMap(\.number)
    let sorted = values.sorted(by: precedes)
    let first = values.first ?? .null
    switch name {
    case "count": return nil
    case "count_if": return .integer(Int64(values.count { $0 == .boolean(true) }))
    case "any": return values.isEmpty ? .null : .boolean(values.contains(.boolean(true)))
    case "every": return values.isEmpty ? .null : .boolean(!values.contains(.boolean(false)))
    case "min": return sorted.first ?? .null
    case "max": return sorted.last ?? .null
    case "first": return first
    case "last": return values.last ?? .null
    case "arg_max", "arg_min":
      var best: [Scalar]?
      for row in complete {
        let wins = best.map { name == "arg_max" ? precedes($0[1], row[1]) : precedes(row[1], $0[1]) } ?? true
        if wins { best = row }
      }
      return best?[0] ?? .null
    case "mode":
      var best: (count: Int, value: Scalar)?
      for value in sorted {
        let count = sorted.count { same($0, value) }
        if count > best?.count ?? 0 { best = (count, value) }
      }
      return best?.value ?? .null
    case "string_agg":
      let texts = rows.compactMap { row -> String? in if case .text(let text) = row[0] { text } else { nil } }
      guard let row = rows.first, case .text(let separator) = row[1], !texts.isEmpty else { return .null }
      return .text(texts.joined(separator: separator))
    case "median", "quantile":
      let places = values.compactMap { $0.number ?? $0.integral.map(Double.init) }.sorted()
      guard !places.isEmpty else { return .null }
      let place = Double(places.count - 1) * (name == "median" ? 0.5 : 0.3)
      let low = Int(place)
      let high = min(low + 1, places.count - 1)
      let value = places[low] + (places[high] - places[low]) * (place - Double(low))
      return first.number == nil
        ? Scalar(integral: Int64(value.rounded()), as: first.type ?? .integer) : .double(value)
    case "var_samp", "variance":
      guard numbers.count > 1 else { return .null }
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      return .double(numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(numbers.count - 1))
    case "sum", "avg":
      guard let type = first.type else { return .null }
      let whole = values.compactMap(\.integral).reduce(0, +)
      if name == "sum" {
        return type == .double ? .double(numbers.reduce(0, +)) : Scalar(integral: whole, as: type)
      }
      if type == .duration { return .duration(Int64((Double(whole) / Double(values.count)).rounded())) }
      return .double(numbers.reduce(0, +) / Double(numbers.count))
    default: return nil
    }
  }

  @Test(arguments: Catalogue.aggregates.map(\.name))
  func resultsAreTheOraclesOwn(name: String) throws {
    let function = try #require(Catalogue.aggregate(name))
    for overload in function.overloads {
      for seed in 0..<24 as Range<UInt64> {
        let rows = rows(overload, seed: seed, .tame)
        let results = try result(overload, rows)
        for group in 0..<Self.groupCount {
          guard let expected = oracle(name, rows.values(of: group)) else { continue }
          let isWithinAMicrosecond =
            overload.result == .duration || overload.result == .timestamp
            ? abs((results[group].integral ?? 0) - (expected.integral ?? 0)) <= 1
            : close(results[group], expected)
          #expect(
            isWithinAMicrosecond && (results[group] == .null) == (expected == .null),
            "\(name) of \(overload.parameters.map(\.type)), seed \(seed): \(results[group]), not \(expected)")
        }
      }
    }
  }

  // MARK: Rules

  private func single(_ name: String, _ column: Column) throws -> Scalar {
    let overload = try #require(
      Catalogue.aggregate(name)?.overloads.first { $0.parameters.map(\.type) == [column.type] })
    let state = overload.makeState()
    state.grow(to: 1)
    try state.update(groups: [UInt32](repeating: 0, count: column.count), operands: [Operand(column)])
    return try state.finish()[0]
  }

  @Test func aSumMayPassTheRangeOnTheWay() throws {
    #expect(try single("sum", .integers([.max, 1, -1])) == .integer(.max))
    #expect(throws: EvaluationError.self) { try single("sum", .integers([.max, 1])) }
    do {
      _ = try single("sum", .integers([.max, .max]))
    } catch let error as EvaluationError {
      #expect(error.message == "the sum 18446744073709551614 does not fit a 64-bit integer")
    }
  }

  @Test func nothingHasNoSumAndCountsZero() throws {
    #expect(try single("sum", .doubles([])) == .null)
    #expect(try single("sum", .doubles([1], validity: [0])) == .null)
    #expect(try single("count", .doubles([1], validity: [0])) == .integer(0))
    #expect(try single("median", .doubles([])) == .null)
  }

  @Test func notANumberIsAboveInfinity() throws {
    let column = Column.doubles([.infinity, .nan, 1])
    guard case .double(let largest) = try single("max", column) else { throw EvaluationError("not a double") }
    #expect(largest.isNaN)
    #expect(try single("min", column) == .double(1))
    #expect(try single("mode", .doubles([-0.0, 0, 1])) == .double(0))
  }

  @Test func manyDictionariesAreLetGo() throws {
    let overload = try #require(
      Catalogue.aggregate("min")?.overloads.first { $0.parameters.map(\.type) == [.text] })
    let state = overload.makeState()
    state.grow(to: 300)
    for batch in (0..<300).reversed() {
      let texts = TextDictionary([String(batch + 1000), "z"])
      try state.update(
        groups: [UInt32(batch), UInt32(299 - batch)],
        operands: [Operand(.texts([0, 1], texts))])
    }
    #expect(try state.finish().scalars == (0..<300).map { .text(String($0 + 1000)) })
  }

  @Test func theShareOfAQuantileIsChecked() throws {
    let overload = try #require(Catalogue.aggregate("quantile")?.overloads.first)
    let state = overload.makeState()
    state.grow(to: 1)
    let operands = [Operand(.integers([1])), Operand(constant: .double(90), type: .double)]
    #expect(throws: EvaluationError("the share of a quantile lies between 0 and 1, not 90")) {
      try state.update(groups: [0], operands: operands)
    }
  }
}
