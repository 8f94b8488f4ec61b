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
    let returns = (first..<entity.upperBound).filter { list.kinds[$0].isSuperset(of: [.comeback, .inRange]) }
    var member = RetentionMember(row: list.rows[first], cohort: 0, endedPeriods: 0, retained: [])
    var lastCohort: Int64?
    for place in first..<entity.upperBound where list.kinds[place].isSuperset(of: starts) {
      let start = list.times[place]
      member.cohort = periods.cohort(start)
      if let lastCohort, member.cohort <= lastCohort { continue }
      lastCohort = member.cohort
      member.row = list.rows[place]
      member.endedPeriods = Int(min(max(periods.period(of: watermark, from: start), 0), Int64(periodCount)))
      retain(list, entity, start: place, returns, &member)
      body(member)
      if cohort != .recurring { return }
    }
  }

  private func retain(
    _ list: RetentionRows, _ entity: Range<Int>, start place: Int, _ returns: [Int],
    _ member: inout RetentionMember
  ) {
    member.retained.removeAll(keepingCapacity: true)
    let start = list.times[place]
    let later = firstIndex(of: returns, from: 0) { list.times[$0] > start }
    switch criterion {
    case .onOrAfter:
      var last: Int64?
      if later < returns.count, let latest = returns.last {
        last = periods.period(of: list.times[latest], from: start)
      } else if returnsAtOnce(list, entity, start: place) {
        last = 0
      }
      guard let last else { return }
      member.retained.append(contentsOf: 0..<Int(min(last + 1, Int64(member.endedPeriods))))
    case .on:
      if member.endedPeriods > 0, returnsAtOnce(list, entity, start: place) { member.retained.append(0) }
      var next = later
      var repeats = 0
      while next < returns.count {
        let period = periods.period(of: list.times[returns[next]], from: start)
        if period >= Int64(member.endedPeriods) { break }
        next += 1
        if member.retained.last.map({ Int64($0) < period }) ?? true {
          member.retained.append(Int(period))
          repeats = 0
          continue
        }
        // Further returns of the period change nothing: where there are many, they are skipped together.
        repeats += 1
        if repeats % 8 == 0 {
          let end = periods.beginning(of: period + 1, from: start)
          next = firstIndex(of: returns, from: next) { list.times[$0] >= end }
        }
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

  /// The index of the first place for which something holds, which then holds for all behind it.
  private func firstIndex(of places: [Int], from start: Int, where holds: (Int) -> Bool) -> Int {
    // Nearby first: what is sought is mostly near.
    var low = start
    var step = 1
    while low + step <= places.count, !holds(places[low + step - 1]) {
      low += step
      step *= 2
    }
    var high = min(low + step - 1, places.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(places[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
