import Planning
import Values

/// An entity's membership of a cohort.
struct RetentionMember: Equatable {
  /// The number in the batch of the row that made the entity a member.
  var row: Int32
  var cohort: Int64
  /// How many periods, from 0 on, had ended at the watermark.
  var endedPeriods: Int
  /// The ended periods in which, or on or after which, the entity came back, ascending.
  var retained: [Int]
}

/// Finds the cohorts that an entity belongs to, and when it came back.
struct RetentionMatcher {
  let periods: RetentionPeriods
  let periodCount: Int
  let criterion: RetentionPlan.Criterion
  let cohort: RetentionPlan.Cohort
  /// The time up to which there is data: a period has ended when the next begins no later.
  let watermark: Int64

  /// - Parameter lastPeriod: periods count from 0 to this.
  init(
    _ periods: RetentionPeriods, lastPeriod: Int, criterion: RetentionPlan.Criterion,
    cohort: RetentionPlan.Cohort,
    watermark: Int64
  ) {
    self.periods = periods
    periodCount = lastPeriod + 1
    self.criterion = criterion
    self.cohort = cohort
    self.watermark = min(max(watermark, RetentionPeriods.times.lowerBound), RetentionPeriods.times.upperBound)
  }

  /// Calls `body` with each membership of an entity, by cohort.
  func forEachMember(_ list: RetentionRows, _ entity: Range<Int>, _ body: (RetentionMember) -> Void) {
    let starts: RetentionRows.Kinds = cohort == .firstEver ? .start : [.start, .inRange]
    guard let first = entity.first(where: { list.kinds[$0].isSuperset(of: starts) }),
      list.kinds[first].contains(.inRange)
    else { return }
    var member = RetentionMember(row: list.rows[first], cohort: 0, endedPeriods: 0, retained: [])
    var lastCohort: Int64?
    for place in first..<entity.upperBound where list.kinds[place].isSuperset(of: starts) {
      let start = list.times[place]
      member.cohort = periods.cohort(start)
      if let lastCohort, member.cohort <= lastCohort { continue }
      lastCohort = member.cohort
      member.row = list.rows[place]
      member.endedPeriods = Int(min(max(periods.period(of: watermark, from: start), 0), Int64(periodCount)))
      member.retained.removeAll(keepingCapacity: true)
      if member.endedPeriods > 0 { retain(list, entity, start: place, &member) }
      body(member)
      if cohort != .recurring { return }
    }
  }

  private func retain(
    _ list: RetentionRows, _ entity: Range<Int>, start place: Int, _ member: inout RetentionMember
  ) {
    let start = list.times[place]
    switch criterion {
    case .onOrAfter:
      var last: Int64?
      if let latest = list.lastReturn(within: entity), list.times[latest] > start {
        last = periods.period(of: list.times[latest], from: start)
      } else if returnsAtOnce(list, entity, start: place) {
        last = 0
      }
      guard let last else { return }
      member.retained.append(contentsOf: 0..<Int(min(last + 1, Int64(member.endedPeriods))))
    case .on:
      // Nothing before this time changes what is known so far.
      var end = start + 1
      if returnsAtOnce(list, entity, start: place) {
        member.retained.append(0)
        end = max(end, periods.beginning(of: 1, from: start))
      }
      var next = place
      while let found = list.firstReturn(from: next, notBefore: end, within: entity) {
        let period = periods.period(of: list.times[found], from: start)
        if period >= Int64(member.endedPeriods) { break }
        if member.retained.last.map({ Int64($0) < period }) ?? true { member.retained.append(Int(period)) }
        end = periods.beginning(of: period + 1, from: start)
        next = found + 1
      }
    }
  }

  /// Whether a return has the very time of the start. Rows of one time are in no order, so of several starts
  /// any can be the start of the return.
  private func returnsAtOnce(_ list: RetentionRows, _ entity: Range<Int>, start place: Int) -> Bool {
    let time = list.times[place]
    var first = place
    while first > entity.lowerBound, list.times[first - 1] == time { first -= 1 }
    let starts: RetentionRows.Kinds = cohort == .firstEver ? .start : [.start, .inRange]
    var startCount = 0
    var returnCount = 0
    var bothCount = 0
    var row = first
    while row < entity.upperBound, list.times[row] == time {
      let isStart = list.kinds[row].isSuperset(of: starts)
      let isReturn = list.kinds[row].isSuperset(of: [.comeback, .inRange])
      if isStart { startCount += 1 }
      if isReturn { returnCount += 1 }
      if isStart && isReturn { bothCount += 1 }
      row += 1
    }
    return returnCount > 1 || returnCount == 1 && (bothCount == 0 || startCount > 1)
  }
}
