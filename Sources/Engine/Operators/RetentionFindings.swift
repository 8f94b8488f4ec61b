/// The memberships of cohorts that a batch has, one after another.
struct RetentionFindings {
  /// An entity's membership of a cohort.
  struct Member {
    /// Which of the starts made the entity a member.
    let start: Int32
    /// How many periods, from 0 on, had ended at the watermark.
    let endedPeriods: Int32
    let cohort: Int64
    /// Where the member's part of `retained` starts.
    let firstRetained: Int
  }

  private(set) var members: [Member] = []
  /// The ended periods in which, or on or after which, members came back: ascending for each member.
  private(set) var retained: [Int32] = []

  mutating func append(start: Int, cohort: Int64, endedPeriods ended: Int) {
    members.append(
      Member(
        start: Int32(truncatingIfNeeded: start), endedPeriods: Int32(truncatingIfNeeded: ended),
        cohort: cohort, firstRetained: retained.count))
  }

  /// Says that the last member came back.
  mutating func retain(_ period: Int) { retained.append(Int32(truncatingIfNeeded: period)) }

  /// The periods in which, or on or after which, a member came back.
  func retained(_ member: Int) -> ArraySlice<Int32> {
    let end = member + 1 < members.count ? members[member + 1].firstRetained : retained.count
    return retained[members[member].firstRetained..<end]
  }
}
