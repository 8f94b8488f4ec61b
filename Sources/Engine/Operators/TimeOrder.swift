import CPrefetch
import Values

/// Times that are compared where they lie.
protocol TimeOrder {
  /// A time in the terms of these.
  associatedtype Bound

  func bound(_ time: Int64) -> Bound
  /// The time in microseconds.
  func time(at place: Int) -> Int64
  /// The first place from one on, of one entity's rows, whose time is not before a bound; the end where there is none.
  func place(notBefore bound: Bound, from first: Int, to end: Int) -> Int
  /// Lets times from a place on come near, which are read soon, and waits for nothing.
  func fetch(_ place: Int)
}

/// Times in microseconds.
struct MicrosecondOrder: TimeOrder {
  let times: UnsafePointer<Int64>

  @inline(__always) func bound(_ time: Int64) -> Int64 { time }
  @inline(__always) func time(at place: Int) -> Int64 { times[place] }

  @inline(__always) func place(notBefore bound: Int64, from first: Int, to end: Int) -> Int {
    firstPlace(from: first, to: end) { times[$0] >= bound }
  }

  @inline(__always) func fetch(_ place: Int) { prefetch(times + place) }
}

/// Times in seconds from a base. The microseconds of a second are looked at only where two of them are the same.
struct SecondOrder: TimeOrder {
  let seconds: UnsafePointer<UInt32>
  let base: Int64
  let microseconds: UnsafePointer<UInt32>?
  /// How many there are.
  let count: Int

  struct Bound {
    let second: Int64
    let microsecond: UInt32
  }

  @inline(__always) func bound(_ time: Int64) -> Bound {
    let (distance, isOver) = time.subtractingReportingOverflow(base)
    // So far away that all seconds are on one side.
    if isOver { return Bound(second: time < base ? .min : .max, microsecond: 0) }
    let second = Calendar.floorDivide(distance, Calendar.microsecondsPerSecond)
    let microsecond = distance &- second &* Calendar.microsecondsPerSecond
    return Bound(second: second, microsecond: UInt32(truncatingIfNeeded: microsecond))
  }

  @inline(__always) func time(at place: Int) -> Int64 {
    base &+ Int64(seconds[place]) &* Calendar.microsecondsPerSecond &+ Int64(microseconds?[place] ?? 0)
  }

  @inline(__always) func place(notBefore bound: Bound, from first: Int, to end: Int) -> Int {
    guard let second = UInt32(exactly: bound.second) else { return bound.second < 0 ? first : end }
    var place = firstPlace(notBefore: second, in: seconds, from: first, to: end, limit: count)
    // Two times of one second are rare, so that this comes first.
    if first == end || seconds[min(place, end &- 1)] != second { return place }
    while place < end, seconds[place] == second, (microseconds?[place] ?? 0) < bound.microsecond {
      place &+= 1
    }
    return place
  }

  @inline(__always) func fetch(_ place: Int) { prefetch(seconds + place) }
}
