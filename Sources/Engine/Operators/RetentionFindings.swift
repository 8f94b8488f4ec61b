/// The memberships of cohorts that a batch has, one after another.
struct RetentionFindings {
  /// The places of the starts that made entities members.
  private(set) var starts: [Int32] = []
  private(set) var cohorts: [Int64] = []
  /// How many periods, from 0 on, had ended at the watermark.
  private(set) var endedPeriods: [Int32] = []
  /// The ended periods in which, or on or after which, members came back: ascending for each member.
  private(set) var retained: [Int32] = []
  /// Where each member's part of `retained` starts.
  private(set) var retainedStarts: [Int] = []

  var count: Int { starts.count }

  mutating func append(start: Int, cohort: Int64, endedPeriods ended: Int) {
    starts.append(Int32(truncatingIfNeeded: start))
    cohorts.append(cohort)
    endedPeriods.append(Int32(truncatingIfNeeded: ended))
    retainedStarts.append(retained.count)
  }

  /// Says that the last member came back.
  mutating func retain(_ period: Int) { retained.append(Int32(truncatingIfNeeded: period)) }
}
