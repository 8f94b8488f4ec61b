/// Reads local times off a zone, quickly where one time is near the one before: the zone is asked again only where
/// its offset changes.
public struct LocalClock {
  @usableFromInline let zone: TimeZoneRules
  /// The times that are told apart; one that lies outside counts as the nearest inside.
  @usableFromInline let times: ClosedRange<Int64>
  /// The first of the times for which `shift` leads to local time, and how far from it the last one is.
  @usableFromInline var first: Int64 = 0
  @usableFromInline var width: UInt64 = 0
  @usableFromInline var shift: Int64 = 0
  /// The local day of the first of these times, and how much of it lies before.
  @usableFromInline var firstDay: Int64 = 0
  @usableFromInline var lead: UInt64 = 0

  /// A clock on the wall of a zone, for times in microseconds since 1970 that are so far from the ends of 64 bits that
  /// their local times fit.
  public init(_ zone: TimeZoneRules, within times: ClosedRange<Int64>) {
    self.zone = zone
    self.times = times
    _ = turn(to: times.upperBound)
  }

  /// Local time in microseconds (as if it were UTC) of a time in microseconds since 1970.
  @inlinable public mutating func local(_ timestamp: Int64) -> Int64 {
    if UInt64(bitPattern: timestamp &- first) <= width { return timestamp &+ shift }
    return turn(to: timestamp)
  }

  /// The local day (days since 1970-01-01) of a time in microseconds since 1970.
  @inlinable public mutating func day(_ timestamp: Int64) -> Int64 {
    let distance = UInt64(bitPattern: timestamp &- first)
    if distance <= width {
      return firstDay &+ Int64(bitPattern: (distance &+ lead) / UInt64(Calendar.microsecondsPerDay))
    }
    return Calendar.floorDivide(turn(to: timestamp), Calendar.microsecondsPerDay)
  }

  @usableFromInline mutating func turn(to timestamp: Int64) -> Int64 {
    let time = min(max(timestamp, times.lowerBound), times.upperBound)
    let stretch = zone.stretch(around: time, within: times)
    let local = zone.local(time)
    first = stretch.lowerBound
    width = UInt64(bitPattern: stretch.upperBound &- first)
    shift = local - time
    firstDay = Calendar.floorDivide(first + shift, Calendar.microsecondsPerDay)
    lead = UInt64(bitPattern: Calendar.floorModulo(first + shift, Calendar.microsecondsPerDay))
    return local
  }
}
