@testable import Engine

/// An entity's membership of a cohort, as one value.
struct RetentionMember: Equatable {
  var row: Int32
  var cohort: Int64
  var endedPeriods: Int
  var retained: [Int]
}

extension RetentionMatcher {
  /// The memberships of one entity, whose rows are told by masks; without a range all are in it.
  func members(times: [Int64], starts: [UInt8], comebacks: [UInt8], range: [UInt8]?) -> [RetentionMember] {
    func list(_ mask: [UInt8]) -> RetentionList {
      let rows = mask.indices.filter { mask[$0] != 0 }
      return RetentionList(
        rows: rows.map { Int32($0) }, entities: rows.map { _ in 7 }, times: rows.map { times[$0] })
    }
    let range = range ?? starts.map { _ in 1 }
    let starts = list(cohort == .firstEver ? starts : zip(starts, range).map { $0 & $1 })
    var found = RetentionFindings()
    match(
      RetentionRows(
        starts: starts, isInRange: starts.rows.map { range[Int($0)] },
        returns: list(zip(comebacks, range).map { $0 & $1 })),
      into: &found)
    return (0..<found.count).map { member in
      let end = member + 1 < found.count ? found.retainedStarts[member + 1] : found.retained.count
      return RetentionMember(
        row: starts.rows[Int(found.starts[member])], cohort: found.cohorts[member],
        endedPeriods: Int(found.endedPeriods[member]),
        retained: found.retained[found.retainedStarts[member]..<end].map { Int($0) })
    }
  }
}

extension RetentionPeriods {
  func cohort(_ start: Int64) -> Int64 { cohort(origin(start)) }
  func beginning(of period: Int64, from start: Int64) -> Int64 { beginning(of: period, from: origin(start)) }
}
