import EventStore
import Functions
import Values

/// A function of nothing but the local day of a log's time, each row's own or that of its session's first one:
/// computed once for each day.
final class DayNode: CallNode {
  private let time: SourceNode
  /// What finds the rows whose time it is, where these are not the rows themselves.
  private let session: SessionNode?
  private let zone: TimeZoneRules
  private let valuesOfDays: (Column) throws -> Column
  /// What was found out about a log.
  private var known: (log: EventLog, days: LogDays?)?

  /// Nothing for a function that looks at more than the day, or at the day of something else.
  init?(
    _ id: Int, _ name: String, _ overload: ScalarFunction.Overload, _ arguments: [Node],
    _ context: EvaluationContext
  ) {
    let session = arguments.last as? SessionNode
    guard name == "date" || name == "date_trunc", overload.result == .date,
      let time = session?.startTime ?? arguments.last as? SourceNode, time.type == .timestamp
    else { return nil }
    let constants = arguments.dropLast().compactMap(\.constant)
    guard constants.count == arguments.count - 1 else { return nil }
    self.time = time
    self.session = session
    zone = context.timeZone
    valuesOfDays = { try overload.kernel(constants + [Operand($0)], $0.count, context) }
    super.init(id, overload, arguments, context)
  }

  override func compute(_ batch: Batch) throws -> Operand {
    guard let days = try days(of: batch) else { return try super.compute(batch) }
    let first = days.first
    return Operand(.integers(days.distances.map { first &+ Int64($0) }, as: .date))
  }

  override func narrowKey(_ batch: Batch) throws -> KeyColumn? {
    try days(of: batch).map { KeyColumn(KeyLane(.shorts($0.distances), nil, from: $0.first)) }
  }

  /// The values as distances from a first one, where the log has its times in seconds.
  private func days(of batch: Batch) throws -> (distances: [UInt16], first: Int64)? {
    guard case .log(let log) = batch.source, time.position == log.timePosition,
      let stored = log.columns[time.position], case .seconds(let seconds, let base, _) = stored.rowwise
    else { return nil }
    if known?.log !== log { known = (log, try LogDays(of: log, secondsFrom: base, zone, valuesOfDays)) }
    guard let days = known?.days else { return nil }
    let rows = UnsafeBufferPointer(start: seconds + batch.rows.lowerBound, count: batch.rows.count)
    let positions = try session.map { try $0.startPositions(batch) } ?? batch.rootPositions
    return (days.distances(of: rows, at: positions), days.first)
  }
}

/// The local days of a log, and what a function makes of them.
private struct LogDays {
  /// The least of the function's values.
  let first: Int64
  /// By day: how far its value is from the first one.
  private let distances: [UInt16]
  /// Whether each day's distance is its number.
  private let areDays: Bool
  /// What makes a stored second one of local time from the first day on, modulo 2^32.
  private let shift: UInt32
  /// From which stored seconds on clocks were changed, and by how much.
  private let changes: [(from: UInt32, by: UInt32)]

  private static let secondsPerDay = Calendar.microsecondsPerDay / Calendar.microsecondsPerSecond

  /// Nothing where days cannot be told by seconds in 32 bits, or the values are too far apart.
  init?(
    of log: EventLog, secondsFrom base: Int64, _ zone: TimeZoneRules, _ values: (Column) throws -> Column
  ) throws {
    let second = Calendar.microsecondsPerSecond
    guard let times = log.times, base % second == 0, times.lowerBound >= base,
      RetentionPeriods.times.contains(times.lowerBound), RetentionPeriods.times.contains(times.upperBound)
    else { return nil }
    let offsets = zone.offsets(within: times)
    // A change of clocks may turn back to the day before.
    let firstDay = zone.day(times.lowerBound) - 1
    let lastDay = zone.day(times.upperBound) + 1
    let start = base / second + offsets[0].seconds - firstDay * LogDays.secondsPerDay
    guard lastDay - firstDay < Int64(UInt32.max) / LogDays.secondsPerDay else { return nil }
    shift = UInt32(truncatingIfNeeded: start)
    changes = zip(offsets, offsets.dropFirst()).map { before, after in
      let from = Calendar.floorDivide(after.from - base, second)
      return (UInt32(truncatingIfNeeded: from), UInt32(truncatingIfNeeded: after.seconds - before.seconds))
    }
    let noons = (firstDay...lastDay).map { day in
      zone.timestamp(local: day * Calendar.microsecondsPerDay + Calendar.microsecondsPerDay / 2)
    }
    let found = try values(.integers(noons, as: .timestamp)).integerValues
    let least = found.min() ?? 0
    guard (found.max() ?? 0) - least <= Int64(UInt16.max) else { return nil }
    first = least
    distances = found.map { UInt16(truncatingIfNeeded: $0 - least) }
    areDays = distances.enumerated().allSatisfy { $0.offset == Int($0.element) }
  }

  /// The distances of the values of stored seconds, or of some of them.
  func distances(of seconds: UnsafeBufferPointer<UInt32>, at positions: [Int32]?) -> [UInt16] {
    if let positions {
      return positions.withUnsafeBufferPointer { positions in
        distances(count: positions.count) { seconds[Int(positions[$0])] }
      }
    }
    return distances(count: seconds.count) { seconds[$0] }
  }

  @inline(__always)
  private func distances(count: Int, _ second: (Int) -> UInt32) -> [UInt16] {
    let shift = shift
    let day = UInt32(LogDays.secondsPerDay)
    if changes.isEmpty {
      return valued(count: count) { UInt16(truncatingIfNeeded: (second($0) &+ shift) / day) }
    }
    var local = [UInt32](unsafeUninitializedCapacity: count) { target, initialized in
      for row in 0..<count { target.initializeElement(at: row, to: second(row) &+ shift) }
      initialized = count
    }
    local.withUnsafeMutableBufferPointer { local in
      for change in changes {
        for row in 0..<count { local[row] &+= second(row) >= change.from ? change.by : 0 }
      }
    }
    return local.withUnsafeBufferPointer { local in
      valued(count: count) { UInt16(truncatingIfNeeded: local[$0] / day) }
    }
  }

  @inline(__always)
  private func valued(count: Int, _ day: (Int) -> UInt16) -> [UInt16] {
    [UInt16](unsafeUninitializedCapacity: count) { target, initialized in
      if areDays {
        for row in 0..<count { target.initializeElement(at: row, to: day(row)) }
      } else {
        distances.withUnsafeBufferPointer { distances in
          for row in 0..<count { target.initializeElement(at: row, to: distances[Int(day(row))]) }
        }
      }
      initialized = count
    }
  }
}
