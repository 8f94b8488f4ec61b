import Planning
import Values

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

  /// Finds an entity's memberships, by cohort.
  func match(_ list: borrowing RetentionRows, _ entity: Range<Int>, into found: inout RetentionFindings) {
    let starts: RetentionRows.Kinds = cohort == .firstEver ? .start : [.start, .inRange]
    var place = entity.lowerBound
    while place < entity.upperBound, !list.kinds[place].isSuperset(of: starts) { place &+= 1 }
    guard place < entity.upperBound, list.kinds[place].contains(.inRange) else { return }
    var lastCohort: Int64?
    while place < entity.upperBound {
      if list.kinds[place].isSuperset(of: starts) {
        let origin = periods.origin(list.times[place])
        let cohort = periods.cohort(origin)
        if lastCohort.map({ cohort > $0 }) ?? true {
          lastCohort = cohort
          let ended = Int(min(max(periods.period(of: watermark, from: origin), 0), Int64(periodCount)))
          found.append(row: list.rows[place], cohort: cohort, endedPeriods: ended)
          if ended > 0 { retain(list, entity, place, origin, ended, &found) }
        }
        if self.cohort != .recurring { return }
      }
      place &+= 1
    }
  }

  private func retain(
    _ list: borrowing RetentionRows, _ entity: Range<Int>, _ place: Int, _ origin: RetentionPeriods.Origin,
    _ ended: Int, _ found: inout RetentionFindings
  ) {
    switch criterion {
    case .onOrAfter:
      var last: Int64?
      if let latest = list.lastReturn(within: entity), list.times[latest] > origin.start {
        last = periods.period(of: list.times[latest], from: origin)
      } else if returnsAtOnce(list, entity, start: place) {
        last = 0
      }
      guard let last else { return }
      for period in 0..<Int(min(last + 1, Int64(ended))) { found.retain(period) }
    case .on:
      // Nothing before this time changes what is known so far.
      var end = origin.start + 1
      var last: Int64 = -1
      if returnsAtOnce(list, entity, start: place) {
        found.retain(0)
        last = 0
        end = max(end, periods.beginning(of: 1, from: origin))
      }
      var next = place
      while let comeback = list.firstReturn(from: next, notBefore: end, within: entity) {
        let period = periods.period(of: list.times[comeback], from: origin)
        if period >= Int64(ended) { break }
        if period > last {
          found.retain(Int(period))
          last = period
        }
        end = periods.beginning(of: period &+ 1, from: origin)
        next = comeback &+ 1
      }
    }
  }

  /// Whether a return has the very time of the start. Rows of one time are in no order, so of several starts
  /// any can be the start of the return.
  private func returnsAtOnce(
    _ list: borrowing RetentionRows, _ entity: Range<Int>, start place: Int
  ) -> Bool {
    let time = list.times[place]
    let isAlone =
      (place == entity.lowerBound || list.times[place &- 1] != time)
      && (place &+ 1 == entity.upperBound || list.times[place &+ 1] != time)
    if isAlone { return false }
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
