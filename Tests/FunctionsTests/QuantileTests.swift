import TestSupport
import Testing
import Values

@testable import Functions

/// Quantiles of values that repeat, that do not, and of both in turn, against sorting.
struct QuantileTests {
  private static let shares = [0, 0.1, 0.5, 0.9, 0.99, 1]

  /// How the values of a batch are spread.
  enum Spread: CaseIterable { case one, few, many, odd }

  private func values(_ spread: Spread, _ count: Int, _ random: inout Dice) -> [Double?] {
    (0..<count).map { row in
      switch spread {
      case .one: 4.25
      case .few: Double(UInt32.random(in: 0..<40, using: &random)) / 4
      case .many: Double.random(in: -1e6...1e6, using: &random)
      case .odd: [0, -0.0, nil, .nan, -.nan, .infinity, -.infinity, .leastNonzeroMagnitude][row % 8]
      }
    }
  }

  private func expected(_ values: [Double], _ share: Double) -> Scalar {
    if values.isEmpty { return .null }
    let sorted = values.sorted { $0 < $1 || (!$0.isNaN && $1.isNaN) }
    let place = Double(sorted.count - 1) * share
    let low = Int(place)
    let (a, b) = (sorted[low], sorted[min(low + 1, sorted.count - 1)])
    let part = place - Double(low)
    return .double(part == 0 || a == b ? a : a + (b - a) * part)
  }

  private func equal(_ a: Scalar, _ b: Scalar) -> Bool {
    guard case .double(let x) = a, case .double(let y) = b else { return a == b }
    return x == y || (x.isNaN && y.isNaN)
  }

  private func states() throws -> [(state: any AggregateState, share: Double)] {
    let quantile = try #require(
      Catalogue.aggregate("quantile")?.overloads.first { $0.parameters[0].type == .double })
    return Self.shares.map { (quantile.makeState(), $0) }
  }

  /// In three parts of different spreads, each of several batches; the first of the states collects for all.
  @Test(arguments: Spread.allCases, [1, 3, 700]) func againstSorting(first: Spread, groupCount: Int) throws {
    var random = Dice(7)
    for second in Spread.allCases {
      var all = [[Double]](repeating: [], count: groupCount)
      var parts: [[(state: any AggregateState, share: Double)]] = []
      for spread in [first, second, first] {
        let own = try states()
        for state in own.dropFirst() { #expect(state.state.readsRows(of: own[0].state)) }
        for batch in 0..<3 {
          let values = values(spread, 500, &random)
          let groups = values.map { _ in UInt32.random(in: 0..<UInt32(groupCount), using: &random) }
          let column = Column.doubles(
            values.map { $0 ?? 9 }, validity: spread == .odd ? values.map { $0 == nil ? 0 : 1 } : nil)
          for (state, share) in own {
            state.grow(to: batch == 0 ? groupCount : 1)
            try state.update(
              groups: groups, operands: [Operand(column), Operand(constant: .double(share), type: .double)])
          }
          for (value, group) in zip(values, groups) { if let value { all[Int(group)].append(value) } }
        }
        parts.append(own)
      }
      let mapping = (0..<UInt32(groupCount)).map { $0 }
      for later in parts.dropFirst() {
        for (state, other) in zip(parts[0], later) { try state.state.merge(other.state, mapping: mapping) }
      }
      for (state, share) in parts[0] {
        let found = try state.finish().scalars
        #expect(zip(found, all).allSatisfy { equal($0, expected($1, share)) }, "\(share) of \(second)")
      }
      #expect(parts[0][0].state.bytes > 0)
      #expect(parts[0][1].state.bytes == 0, "who reads another's rows keeps none")
    }
  }

  @Test func groupsWithoutValuesHaveNone() throws {
    let state = try #require(Catalogue.aggregate("median")?.overloads.first).makeState()
    state.grow(to: 3)
    try state.update(groups: [1, 1, 2], operands: [Operand(.integers([4, 5, 6], validity: [1, 1, 0]))])
    #expect(try state.finish().scalars == [.null, .double(4.5), .null])
  }

  @Test func whatIsKeptIsCounted() throws {
    let state = try #require(Catalogue.aggregate("median")?.overloads.first).makeState()
    state.grow(to: 1)
    let count = 100_000
    for value in [0, 1] as [Int64] {
      let values = (0..<Int64(count)).map { $0 * value }
      try state.update(groups: [UInt32](repeating: 0, count: count), operands: [Operand(.integers(values))])
      #expect((state.bytes > count * 8) == (value == 1), "equal values are counted, others are kept")
    }
  }
}
