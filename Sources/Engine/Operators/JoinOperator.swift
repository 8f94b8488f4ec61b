import Functions
import Planning
import Values

/// Gives each row its partners among the rows of a table.
final class JoinOperator: RowOperator {
  private let kind: JoinPlan.Kind
  private let index: JoinIndex
  private let keys: [Node]
  private let conditions: [Node]
  private let relation: Int
  /// Whether an entity's rows must stay in one batch.
  private let keepsEntities: Bool
  private let limits: ExecutionLimits
  private var probe: KeyProbe
  /// About so many pairs make a batch.
  private static let batchPairs = 65_536
  /// About the bytes that a pair takes in a batch: its positions, and what is read of it.
  private static let bytesOfPair = 32

  init(
    _ kind: JoinPlan.Kind, _ index: JoinIndex, keys: [Node], conditions: [Node], relation: Int,
    keepsEntities: Bool, limits: ExecutionLimits
  ) {
    precondition(kind != .right && kind != .full, "a join that keeps the right side does not stream")
    self.kind = kind
    self.index = index
    self.keys = keys
    self.conditions = conditions
    self.relation = relation
    self.keepsEntities = keepsEntities
    self.limits = limits
    probe = index.makeProbe()
  }

  func process(_ batch: Batch, relation: Int, emit: (Batch) throws -> Void) throws {
    let groups = try probe.groups(of: keys.map { try batch.column($0) }, count: batch.count)
    if conditions.isEmpty, let partners = index.onlyPartners(groups) {
      if let joined = join(batch, partners) { try emit(joined) }
      return
    }
    try index.count(groups, rows: batch.count)
    var first = 0
    while first < batch.count {
      // One batch of the left side may make millions of pairs.
      if limits.isCancelled() { throw ExecutionError.cancelled }
      let last = try end(ofChunkFrom: first, groups, batch)
      if let joined = try join(batch, first..<last, groups) { try emit(joined) }
      first = last
    }
  }

  /// The rows beside their one partner, -1 where they have none.
  private func join(_ batch: Batch, _ partners: [Int32]) -> Batch? {
    let wanted: UInt8? =
      switch kind {
      case .inner, .semi: 1
      case .anti: 0
      case .left: nil
      case .right, .full: preconditionFailure("a join that keeps the right side does not stream")
      }
    guard let wanted else { return Batch(batch, at: nil, relation: relation, rightRows: partners) }
    let mask = partners.map { UInt8(truncatingIfNeeded: ~($0 >> 31) & 1) ^ wanted ^ 1 }
    switch RowChoice(mask: mask) {
    case .none: return nil
    case .all: return Batch(batch, at: nil, relation: relation, rightRows: partners)
    case .some(let rows):
      return Batch(batch, at: rows, relation: relation, rightRows: partners.gathered(rows))
    }
  }

  private func end(
    ofChunkFrom first: Int, _ groups: [Int32], _ batch: Batch
  ) throws(ExecutionError) -> Int {
    var pairs = 0
    var last = first
    while last < batch.count {
      pairs += index.partnerCount(groups[last])
      // The pairs of one entity may be very many.
      try limits.check(bytes: pairs * JoinOperator.bytesOfPair)
      let startsEntity =
        !keepsEntities || batch.entityPositions[last] != batch.entityPositions[Swift.max(last - 1, 0)]
      if last > first, pairs > JoinOperator.batchPairs, startsEntity { return last }
      last += 1
    }
    return last
  }

  private func join(_ batch: Batch, _ rows: Range<Int>, _ groups: [Int32]) throws -> Batch? {
    var left: [Int32] = []
    var right: [Int32] = []
    for row in rows {
      for partner in 0..<index.partnerCount(groups[row]) {
        left.append(Int32(truncatingIfNeeded: row))
        right.append(index.partner(groups[row], partner))
      }
    }
    if !conditions.isEmpty, !left.isEmpty {
      let pairs = Batch(batch, at: left, relation: relation, rightRows: right)
      if let kept = try pairs.filtered(by: conditions) {
        if let positions = kept.selection(in: pairs) {
          left = left.gathered(positions)
          right = right.gathered(positions)
        }
      } else {
        left = []
        right = []
      }
    }
    switch kind {
    case .inner: break
    case .left: (left, right) = JoinOperator.completed(left, right, rows)
    case .semi:
      left = JoinOperator.chosen(rows, left, isPartner: true)
      right = [Int32](repeating: -1, count: left.count)
    case .anti:
      left = JoinOperator.chosen(rows, left, isPartner: false)
      right = [Int32](repeating: -1, count: left.count)
    case .right, .full: preconditionFailure("a join that keeps the right side does not stream")
    }
    return left.isEmpty ? nil : Batch(batch, at: left, relation: relation, rightRows: right)
  }

  /// The pairs, and each left row without one beside nothing.
  static func completed(_ left: [Int32], _ right: [Int32], _ rows: Range<Int>) -> ([Int32], [Int32]) {
    var completedLeft: [Int32] = []
    var completedRight: [Int32] = []
    var next = 0
    for row in rows {
      let first = next
      while next < left.count, left[next] == row {
        completedLeft.append(left[next])
        completedRight.append(right[next])
        next += 1
      }
      if next == first {
        completedLeft.append(Int32(truncatingIfNeeded: row))
        completedRight.append(-1)
      }
    }
    return (completedLeft, completedRight)
  }

  private static func chosen(_ rows: Range<Int>, _ partnered: [Int32], isPartner: Bool) -> [Int32] {
    var has = [Bool](repeating: false, count: rows.count)
    for row in partnered { has[Int(row) - rows.lowerBound] = true }
    return rows.filter { has[$0 - rows.lowerBound] == isPartner }.map { Int32(truncatingIfNeeded: $0) }
  }
}
