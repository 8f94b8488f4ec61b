import EventStore
import Planning
import Values

/// How the rows of a batch fall into sessions: one after another, none across entities.
struct Sessions {
  /// The first row of each session, ascending.
  let firstRows: [Int32]
  let rowCount: Int

  var count: Int { firstRows.count }

  /// Sessions that open where a row says so; the first row does.
  ///
  /// - Parameter opens: one byte a row, 1 where the row and the one before it belong to different sessions.
  init(opens: [UInt8]) {
    rowCount = opens.count
    firstRows = opens.onePositions
  }

  /// The same sessions, each cut wherever it would be longer than a limit.
  init(_ sessions: Sessions, noLongerThan limit: Int64, times: [Int64]) {
    rowCount = sessions.rowCount
    var firstRows: [Int32] = []
    firstRows.reserveCapacity(sessions.count)
    for session in 0..<sessions.count {
      var start = sessions.first(session)
      firstRows.append(Int32(truncatingIfNeeded: start))
      for row in start..<sessions.end(session) where Sessions.span(times[row], since: times[start]) > limit {
        start = row
        firstRows.append(Int32(truncatingIfNeeded: row))
      }
    }
    self.firstRows = firstRows
  }

  /// The first row of a session.
  @inline(__always) func first(_ session: Int) -> Int { Int(firstRows[session]) }

  /// The row after the last one of a session.
  @inline(__always) func end(_ session: Int) -> Int {
    session &+ 1 < firstRows.count ? Int(firstRows[session &+ 1]) : rowCount
  }

  /// The last row of each session.
  var lastRows: [Int32] { eachSession { _, last in Int32(truncatingIfNeeded: last) } }

  /// The sessions of some rows, which are ascending.
  func numbers(of rows: [Int32]) -> [Int32] {
    firstRows.withUnsafeBufferPointer { firstRows in
      rows.withUnsafeBufferPointer { rows in
        [Int32](unsafeUninitializedCapacity: rows.count) { target, initialized in
          var next = 0
          for index in 0..<rows.count {
            while next < firstRows.count, firstRows[next] <= rows[index] { next &+= 1 }
            target.initializeElement(at: index, to: Int32(truncatingIfNeeded: next &- 1))
          }
          initialized = rows.count
        }
      }
    }
  }

  /// How long each session of a log's rows lasts, asked of its times as they are stored; nothing where these are not
  /// whole seconds.
  func lengths(_ stored: StoredColumn, rows: Range<Int>) -> [Int64]? {
    guard case .seconds(let seconds, _, let microseconds) = stored.encoding else { return nil }
    let second = Calendar.microsecondsPerSecond
    let own = seconds + rows.lowerBound
    guard let microseconds else {
      return eachSession { first, last in Int64(own[last] &- own[first]) &* second }
    }
    let parts = microseconds + rows.lowerBound
    return eachSession { first, last in
      Int64(own[last] &- own[first]) &* second &+ (Int64(parts[last]) &- Int64(parts[first]))
    }
  }

  /// A value for each session from its first row and its last.
  @inline(__always)
  private func eachSession<Value: BitwiseCopyable>(_ value: (_ first: Int, _ last: Int) -> Value) -> [Value] {
    firstRows.withUnsafeBufferPointer { firstRows in
      [Value](unsafeUninitializedCapacity: firstRows.count) { target, initialized in
        var first = firstRows.isEmpty ? 0 : Int(firstRows[0])
        for session in 0..<firstRows.count {
          let end = session &+ 1 < firstRows.count ? Int(firstRows[session &+ 1]) : rowCount
          target.initializeElement(at: session, to: value(first, end &- 1))
          first = end
        }
        initialized = firstRows.count
      }
    }
  }

  /// A value for each row from the session that it is in.
  func eachRow<Value: BitwiseCopyable>(
    _ value: (_ session: Int, _ first: Int, _ row: Int) -> Value
  ) -> [Value] {
    [Value](unsafeUninitializedCapacity: rowCount) { target, initialized in
      for session in 0..<count {
        let first = first(session)
        for row in first..<end(session) {
          target.initializeElement(at: row, to: value(session, first, row))
        }
      }
      initialized = rowCount
    }
  }

  /// How much later a time is than another, which is not after it: also where that is more than half of all time.
  @inline(__always) static func span(_ later: Int64, since earlier: Int64) -> UInt64 {
    UInt64(bitPattern: later &- earlier)
  }
}

/// Which rows come after more than so long a silence.
struct Silence {
  private let limit: UInt64

  /// - Parameter limit: in microseconds, not negative.
  init(longerThan limit: Int64) {
    precondition(limit >= 0, "a silence is not negative")
    self.limit = UInt64(limit)
  }

  /// One byte a row, 1 where the row before is more than the limit ago. What it says of an entity's first row means
  /// nothing.
  func breaks(_ times: [Int64]) -> [UInt8] {
    times.withUnsafeBufferPointer { times in
      mask(count: times.count) { opens in
        for row in 1..<max(1, times.count) {
          opens[row] = Sessions.span(times[row], since: times[row &- 1]) > limit ? 1 : 0
        }
      }
    }
  }

  /// The same for rows of a log, asked of the whole seconds as they are stored; nothing where these are too few to
  /// tell.
  func breaks(_ stored: StoredColumn, rows: Range<Int>) -> [UInt8]? {
    guard case .seconds(let seconds, _, let microseconds) = stored.rowwise else { return nil }
    let second = UInt64(Calendar.microsecondsPerSecond)
    // Between whole seconds a silence may be nearly one longer or shorter than they are apart.
    let slack = microseconds == nil ? 0 : second - 1
    let fewest = limit < slack ? 0 : (limit - slack) / second + 1
    let enough = (limit + slack) / second + 1
    guard enough <= UInt64(UInt32.max) else { return nil }
    // Steps from the least to one below the certain one are doubtful; there are two of these at most.
    let (low, lastDoubt) = (UInt32(fewest), UInt32(enough) &- 1)
    let own = seconds + rows.lowerBound
    return mask(count: rows.count) { opens in
      for first in stride(from: 1, to: rows.count, by: Silence.blockRows) {
        let block = first..<min(first + Silence.blockRows, rows.count)
        var doubts: UInt32 = 0
        for row in block {
          let apart = own[row] &- own[row &- 1]
          opens[row] = apart >= low ? 1 : 0
          doubts |= (apart == low ? 1 : 0) | (apart == lastDoubt ? 1 : 0)
        }
        guard let microseconds, doubts != 0 else { continue }
        let parts = microseconds + rows.lowerBound
        for row in block {
          let apart = UInt64(own[row] &- own[row &- 1]) &* second
          opens[row] = apart &+ UInt64(parts[row]) > limit &+ UInt64(parts[row &- 1]) ? 1 : 0
        }
      }
    }
  }

  /// So few that most have no row that is asked again.
  private static let blockRows = 256

  private func mask(count: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { opens, initialized in
      if count > 0 { opens[0] = 1 }
      fill(opens)
      initialized = count
    }
  }
}
