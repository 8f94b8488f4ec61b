/// Reads local times off a zone, quickly where one time is near the one before: the zone is asked again only where
/// its offset changes.
public struct LocalClock {
  @usableFromInline let zone: TimeZoneRules
  /// The times that are told apart; one that lies outside counts as the nearest inside.
  @usableFromInline let times: ClosedRange<Int64>
  /// The times for which `shift` leads to local time; none to begin with.
  @usableFromInline var first = Int64.max
  @usableFromInline var last = Int64.min
  @usableFromInline var shift: Int64 = 0

  /// A clock on the wall of a zone, for times in microseconds since 1970 that are so far from the ends of 64 bits that
  /// their local times fit.
  public init(_ zone: TimeZoneRules, within times: ClosedRange<Int64>) {
    self.zone = zone
    self.times = times
  }

  /// Local time in microseconds (as if it were UTC) of a time in microseconds since 1970.
  @inlinable public mutating func local(_ timestamp: Int64) -> Int64 {
    if timestamp >= first, timestamp <= last { return timestamp &+ shift }
    return turn(to: timestamp)
  }

  /// The local day (days since 1970-01-01) of a time in microseconds since 1970.
  @inlinable public mutating func day(_ timestamp: Int64) -> Int64 {
    Calendar.floorDivide(local(timestamp), Calendar.microsecondsPerDay)
  }

  @usableFromInline mutating func turn(to timestamp: Int64) -> Int64 {
    let time = min(max(timestamp, times.lowerBound), times.upperBound)
    let stretch = zone.stretch(around: time, within: times)
    let local = zone.local(time)
    (first, last, shift) = (stretch.lowerBound, stretch.upperBound, local - time)
    return local
  }
}
