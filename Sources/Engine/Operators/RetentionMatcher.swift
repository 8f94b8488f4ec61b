import Planning
import Values

/// Finds the cohorts that entities belong to, and when they came back.
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

  /// Finds the memberships of all entities, each one's by cohort.
  func match(_ list: RetentionRows, into found: inout RetentionFindings) {
    var start = 0
    var comeback = 0
    while start < list.starts.count {
      let entity = list.starts.entities[start]
      comeback = list.returns.first(from: comeback, ofEntity: entity)
      match(list, start: start, comeback, into: &found)
      start = list.starts.end(from: start &+ 1, ofEntity: entity)
    }
  }

  /// - Parameters:
  ///   - start: the place of an entity's first start.
  ///   - comeback: the place of its first return.
  @inline(__always)
  private func match(
    _ list: RetentionRows, start: Int, _ comeback: Int, into found: inout RetentionFindings
  ) {
    if let isInRange = list.isInRange, isInRange[start] == 0 { return }
    let entity = list.starts.entities[start]
    var comeback = comeback
    var lastCohort: Int64?
    var place = start
    repeat {
      let origin = periods.origin(list.starts.times[place])
      let cohort = periods.cohort(origin)
      if lastCohort.map({ cohort > $0 }) ?? true {
        lastCohort = cohort
        let ended = Int(min(max(periods.period(of: watermark, from: origin), 0), Int64(periodCount)))
        found.append(start: place, cohort: cohort, endedPeriods: ended)
        if ended > 0 {
          comeback = list.returns.first(from: comeback, ofEntity: entity, notBefore: origin.start)
          retain(list, start: place, comeback, origin, ended, &found)
        }
      }
      if self.cohort != .recurring { return }
      place &+= 1
    } while list.starts.has(entity, at: place)
  }

  /// - Parameter comeback: the place of the first return that is not before the start.
  @inline(__always)
  private func retain(
    _ list: RetentionRows, start: Int, _ comeback: Int, _ origin: RetentionPeriods.Origin, _ ended: Int,
    _ found: inout RetentionFindings
  ) {
    let entity = list.starts.entities[start]
    guard list.returns.has(entity, at: comeback) else { return }
    switch criterion {
    case .onOrAfter:
      let latest = list.returns.times[list.returns.end(from: comeback, ofEntity: entity) &- 1]
      let last: Int64
      if latest > origin.start {
        last = periods.period(of: latest, from: origin)
      } else if returnsAtOnce(list, start: start, comeback) {
        last = 0
      } else {
        return
      }
      for period in 0..<Int(min(last + 1, Int64(ended))) { found.retain(period) }
    case .on:
      // Nothing before this time changes what is known so far.
      var end = origin.start + 1
      var last: Int64 = -1
      var next = comeback
      if list.returns.times[comeback] == origin.start, returnsAtOnce(list, start: start, comeback) {
        found.retain(0)
        last = 0
        end = max(end, periods.beginning(of: 1, from: origin))
      }
      while true {
        next = list.returns.first(from: next, ofEntity: entity, notBefore: end)
        guard list.returns.has(entity, at: next) else { return }
        let period = periods.period(of: list.returns.times[next], from: origin)
        if period >= Int64(ended) { return }
        if period > last {
          found.retain(Int(period))
          last = period
        }
        end = periods.beginning(of: period &+ 1, from: origin)
        next &+= 1
      }
    }
  }

  /// Whether a return has the very time of the start. Rows of one time are in no order, so of several starts
  /// any can be the start of the return.
  ///
  /// - Parameters:
  ///   - start: the place of the first start of its time.
  ///   - comeback: the place of the first return that is not before it.
  private func returnsAtOnce(_ list: RetentionRows, start: Int, _ comeback: Int) -> Bool {
    let (entity, time) = (list.starts.entities[start], list.starts.times[start])
    func end(_ list: RetentionList, _ first: Int) -> Int {
      list.first(from: first, ofEntity: entity, notBefore: time + 1)
    }
    let starts = list.starts.rows[start..<end(list.starts, start)]
    let returns = list.returns.rows[comeback..<end(list.returns, comeback)]
    guard returns.count == 1, starts.count == 1 else { return !returns.isEmpty }
    return starts.first != returns.first
  }
}
