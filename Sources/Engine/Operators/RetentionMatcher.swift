import Planning
import Values

/// Finds the cohorts that entities belong to, and when they came back.
struct RetentionMatcher {
  let periods: RetentionPeriods
  let periodCount: Int
  let criterion: RetentionPlan.Criterion
  let cohort: RetentionPlan.Cohort
  private let end: RetentionPeriods.Origin

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
    let times = RetentionPeriods.times
    end = periods.origin(min(max(watermark, times.lowerBound), times.upperBound))
  }

  /// The time up to which there is data: a period has ended when the next begins no later.
  var watermark: Int64 { end.start }

  /// Finds the memberships of all entities, each one's by cohort.
  func match(_ rows: RetentionRows, into found: inout RetentionFindings) {
    rows.returns.times.ordered(count: rows.returns.end) {
      match(rows, $0, into: &found)
    } seconds: {
      match(rows, $0, into: &found)
    }
  }

  /// - Parameter times: those of returns.
  @inline(__always)
  private func match<Times: TimeOrder>(
    _ rows: RetentionRows, _ times: Times, into found: inout RetentionFindings
  ) {
    var comebacks = 0
    for starts in 0..<rows.starts.spans.count &- 1 {
      let entity = rows.starts.spans[starts].entity
      if let isInRange = rows.isInRange, isInRange[Int(rows.starts.spans[starts].row)] == 0 { continue }
      while rows.returns.spans[comebacks].entity < entity { comebacks &+= 1 }
      let isBack = rows.returns.spans[comebacks].entity == entity
      var next = isBack ? rows.returns.places(comebacks) : 0..<0
      var lastCohort: Int64?
      for place in rows.starts.places(starts) {
        let origin = periods.origin(rows.starts.times[place])
        let cohort = periods.cohort(origin)
        if lastCohort.map({ cohort > $0 }) ?? true {
          lastCohort = cohort
          let ended = Int(min(max(periods.period(of: end, from: origin), 0), Int64(periodCount)))
          found.append(start: rows.starts.row(place, starts), cohort: cohort, endedPeriods: ended)
          if ended > 0, !next.isEmpty {
            let bound = times.bound(origin.start)
            next = times.place(notBefore: bound, from: next.lowerBound, to: next.upperBound)..<next.upperBound
          }
          if ended > 0, let first = next.first {
            let isAtOnce =
              times.time(at: first) == origin.start
              && rows.returnsAtOnce(start: place, starts, comeback: first, comebacks)
            retain(next, times, origin, isAtOnce: isAtOnce, ended, &found)
          }
        }
        if self.cohort != .recurring { break }
      }
    }
  }

  /// - Parameters:
  ///   - comebacks: the places of the returns that are not before the start.
  ///   - isAtOnce: whether one of them has the very time of the start.
  @inline(__always)
  private func retain<Times: TimeOrder>(
    _ comebacks: Range<Int>, _ times: Times, _ origin: RetentionPeriods.Origin, isAtOnce: Bool, _ ended: Int,
    _ found: inout RetentionFindings
  ) {
    switch criterion {
    case .onOrAfter:
      let latest = times.time(at: comebacks.upperBound &- 1)
      if latest == origin.start, !isAtOnce { return }
      let last = latest == origin.start ? 0 : periods.period(of: latest, from: origin)
      for period in 0..<Int(min(last + 1, Int64(ended))) { found.retain(period) }
    case .on:
      // Nothing before this time changes what is known so far.
      var end = origin.start + 1
      var last: Int64 = -1
      if isAtOnce {
        found.retain(0)
        last = 0
        end = max(end, periods.beginning(of: 1, from: origin))
      }
      for place in comebacks {
        let time = times.time(at: place)
        if time < end { continue }
        let period = periods.period(of: time, from: origin)
        if period >= Int64(ended) { return }
        if period > last {
          found.retain(Int(period))
          last = period
        }
        end = periods.beginning(of: period &+ 1, from: origin)
      }
    }
  }
}

extension RetentionRows {
  /// Whether a return has the very time of the start. Rows of one time are in no order, so of several starts
  /// any can be the start of the return.
  ///
  /// - Parameters:
  ///   - start: the place of the first start of its time, and the span of its entity.
  ///   - comeback: the place of the first return of that time, and the span of its entity.
  fileprivate func returnsAtOnce(start: Int, _ starts: Int, comeback: Int, _ comebacks: Int) -> Bool {
    let time = self.starts.times[start]
    func isAlone(_ place: Int, _ span: Int, _ rows: SpannedRows) -> Bool {
      place + 1 == rows.places(span).upperBound || rows.times[place + 1] != time
    }
    guard isAlone(start, starts, self.starts), isAlone(comeback, comebacks, returns) else { return true }
    return startRow(self.starts.row(start, starts)) != returnRow(returns.row(comeback, comebacks))
  }
}
