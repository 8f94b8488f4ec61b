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
    func rows(_ mask: [UInt8]) -> [Int] { mask.indices.filter { mask[$0] != 0 } }
    let range = range ?? starts.map { _ in 1 }
    let startRows = rows(cohort == .firstEver ? starts : zip(starts, range).map { $0 & $1 })
    let returnRows = rows(zip(comebacks, range).map { $0 & $1 })
    func with(_ rows: [Int], _ body: (SpannedRows) -> Void) {
      SpannedRows.with(entities: rows.map { _ in 7 }, times: rows.map { times[$0] }, body)
    }
    var found = RetentionFindings()
    with(startRows) { starts in
      with(returnRows) { returns in
        let rows = RetentionRows(
          starts: starts, isInRange: startRows.map { range[$0] }, returns: returns,
          startRow: { Int32(startRows[$0]) }, returnRow: { Int32(returnRows[$0]) })
        match(rows, into: &found)
      }
    }
    return found.members.enumerated().map { index, member in
      RetentionMember(
        row: Int32(startRows[Int(member.start)]), cohort: member.cohort,
        endedPeriods: Int(member.endedPeriods), retained: found.retained(index).map { Int($0) })
    }
  }
}

extension RetentionPeriods {
  func cohort(_ start: Int64) -> Int64 { cohort(origin(start)) }
  func beginning(of period: Int64, from start: Int64) -> Int64 { beginning(of: period, from: origin(start)) }
}
