import Foundation

/// The offsets of one time zone from UTC, as a table that is quick to look up.
public struct TimeZoneRules: Hashable, Sendable {
  /// The zone's IANA name.
  public let name: String
  /// Ascending, in seconds since 1970; `offsets[i]` holds from `starts[i]` on. The first start is `Int64.min`.
  private let starts: [Int64]
  private let offsets: [Int64]

  /// No offset, ever.
  public static let utc = TimeZoneRules(name: "UTC", starts: [.min], offsets: [0])

  private init(name: String, starts: [Int64], offsets: [Int64]) {
    self.name = name
    self.starts = starts
    self.offsets = offsets
  }

  /// The rules of a zone by its IANA name, such as `Europe/Berlin`; nothing when there is no such zone.
  /// Transitions are known from 1800 to 2200; outside these years the nearest rule holds.
  public init?(named name: String) {
    if name == "UTC" {
      self = .utc
      return
    }
    // A zero byte would end the name early.
    let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/_+-".contains($0)) }
    guard isPlain, name.contains("/") || name == "GMT", let zone = TimeZone(identifier: name)
    else { return nil }
    let first = Date(timeIntervalSince1970: -5_364_662_400)
    let last = Date(timeIntervalSince1970: 7_258_118_400)
    var starts = [Int64.min]
    var offsets = [Int64(zone.secondsFromGMT(for: first))]
    var moment = first
    while let next = zone.nextDaylightSavingTimeTransition(after: moment), next < last, next > moment {
      moment = next
      starts.append(Int64(next.timeIntervalSince1970.rounded()))
      offsets.append(Int64(zone.secondsFromGMT(for: next.addingTimeInterval(1))))
    }
    self.init(name: name, starts: starts, offsets: offsets)
  }

  /// Whether the zone never differs from UTC.
  public var isUTC: Bool { offsets == [0] }

  /// Seconds to add to UTC for local time, at a time in seconds since 1970.
  public func offset(at seconds: Int64) -> Int64 { offsets[index(at: seconds)] }

  /// Local time in microseconds (as if it were UTC) of a time in microseconds since 1970.
  public func local(_ timestamp: Int64) -> Int64 {
    let seconds = Calendar.floorDivide(timestamp, Calendar.microsecondsPerSecond)
    return TimeZoneRules.moved(timestamp, by: offset(at: seconds))
  }

  /// The time of a local time in microseconds. A local time that a clock change skips is taken as if the clock had
  /// not yet been changed; one that occurs twice is the earlier.
  public func timestamp(local: Int64) -> Int64 {
    let seconds = Calendar.floorDivide(local, Calendar.microsecondsPerSecond)
    let guess = index(at: seconds)
    var result: Int64?
    // In a gap, the offset before the change leads to a time after it; the last candidate that does so is meant.
    var beyond: Int64?
    for candidate in max(0, guess - 1)...min(offsets.count - 1, guess + 1) {
      let utc = seconds - offsets[candidate]
      let actual = index(at: utc)
      if actual == candidate { result = min(result ?? .max, utc) }
      if actual == candidate + 1 { beyond = utc }
    }
    let utc = result ?? beyond ?? (seconds - offsets[guess])
    return TimeZoneRules.moved(local, by: utc - seconds)
  }

  /// The times, in microseconds, around one at which its offset holds, as far as they are within others.
  func stretch(around timestamp: Int64, within times: ClosedRange<Int64>) -> ClosedRange<Int64> {
    let index = index(at: Calendar.floorDivide(timestamp, Calendar.microsecondsPerSecond))
    var (first, last) = (times.lowerBound, times.upperBound)
    if index > 0 { first = max(first, starts[index] * Calendar.microsecondsPerSecond) }
    if index + 1 < starts.count {
      last = min(last, starts[index + 1] * Calendar.microsecondsPerSecond - 1)
    }
    return first...last
  }

  /// The offsets, in seconds, that hold within some times, in microseconds, and from when on each does: the first from
  /// before the first of the times.
  public func offsets(within times: ClosedRange<Int64>) -> [(from: Int64, seconds: Int64)] {
    let first = index(at: Calendar.floorDivide(times.lowerBound, Calendar.microsecondsPerSecond))
    let last = index(at: Calendar.floorDivide(times.upperBound, Calendar.microsecondsPerSecond))
    return (first...last).map { index in
      (index == first ? .min : starts[index] * Calendar.microsecondsPerSecond, offsets[index])
    }
  }

  /// Whether a change of clocks within some times, in microseconds, leads back to the day before.
  public func turnsBackDays(within times: ClosedRange<Int64>) -> Bool {
    starts.indices.dropFirst().contains { change in
      let time = starts[change] * Calendar.microsecondsPerSecond
      guard times.contains(time) else { return false }
      let (before, after) = (starts[change] + offsets[change - 1] - 1, starts[change] + offsets[change])
      return Calendar.floorDivide(after, 86_400) < Calendar.floorDivide(before, 86_400)
    }
  }

  /// A time some seconds later; the first and the last time that there is are not passed.
  private static func moved(_ time: Int64, by seconds: Int64) -> Int64 {
    let (moved, isBeyond) = time.addingReportingOverflow(seconds * Calendar.microsecondsPerSecond)
    return isBeyond ? (seconds < 0 ? .min : .max) : moved
  }

  /// The local day (days since 1970-01-01) of a time in microseconds since 1970.
  public func day(_ timestamp: Int64) -> Int64 {
    Calendar.floorDivide(local(timestamp), Calendar.microsecondsPerDay)
  }

  private func index(at seconds: Int64) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= seconds { low = middle } else { high = middle }
    }
    return low
  }
}
