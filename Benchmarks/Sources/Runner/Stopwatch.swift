import Foundation

/// What something took, in milliseconds.
struct Stopwatch {
  /// By the clock on the wall.
  let wall: Double
  /// Of all threads of this process together.
  let cpu: Double

  /// Does something, and says what it took.
  static func measure<Result>(_ work: () throws -> Result) rethrows -> (result: Result, spent: Stopwatch) {
    let start = (milliseconds(CLOCK_MONOTONIC), milliseconds(CLOCK_PROCESS_CPUTIME_ID))
    let result = try work()
    let wall = milliseconds(CLOCK_MONOTONIC) - start.0
    return (result, Stopwatch(wall: wall, cpu: milliseconds(CLOCK_PROCESS_CPUTIME_ID) - start.1))
  }

  private static func milliseconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
  }
}
