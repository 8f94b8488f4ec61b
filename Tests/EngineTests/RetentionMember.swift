@testable import Engine

/// An entity's membership of a cohort, as one value.
struct RetentionMember: Equatable {
  var row: Int32
  var cohort: Int64
  var endedPeriods: Int
  var retained: [Int]
}

extension RetentionMatcher {
  func members(_ list: RetentionRows, _ entity: Range<Int>) -> [RetentionMember] {
    var found = RetentionFindings()
    match(list, entity, into: &found)
    return (0..<found.count).map { member in
      let end = member + 1 < found.count ? found.retainedStarts[member + 1] : found.retained.count
      return RetentionMember(
        row: found.rows[member], cohort: found.cohorts[member], endedPeriods: Int(found.endedPeriods[member]),
        retained: found.retained[found.retainedStarts[member]..<end].map { Int($0) })
    }
  }
}

extension RetentionPeriods {
  func cohort(_ start: Int64) -> Int64 { cohort(origin(start)) }
  func beginning(of period: Int64, from start: Int64) -> Int64 { beginning(of: period, from: origin(start)) }
}
