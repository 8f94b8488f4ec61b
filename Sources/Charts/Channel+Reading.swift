import Values

extension Layer.Channel {
  /// The channel's name as a reader sees it.
  var title: String { ChartText.clean(name.asLabel) }

  /// Whether the values are names, which have no distance.
  var isCategorical: Bool { column.type == .text || column.type == .boolean }

  /// The value of a row; a channel with a single value has it for all rows.
  func scalar(at row: Int) -> Scalar {
    let row = column.count == 1 ? 0 : row
    return row < column.count ? column[row] : .null
  }

  /// The value of a row as a number in the channel's own unit; not a number where there is none to draw.
  func number(at row: Int) -> Double {
    let scalar = scalar(at: row)
    let number = scalar.number ?? scalar.integral.map { Double($0) } ?? .nan
    // Beyond this the length of an axis could not be computed any more.
    return number.magnitude < 1e300 ? number : .nan
  }

  /// The value of a row as a time in microseconds; dates begin at midnight in the zone.
  func time(at row: Int, _ rules: TimeZoneRules) -> Double {
    // Years outside -9999 to 9999 are left out: the calendar of an axis ends there.
    let lastDay: Int64 = 2_932_896
    switch scalar(at: row) {
    case .date(let day):
      guard day.magnitude <= UInt64(lastDay) else { return .nan }
      return Double(rules.timestamp(local: day * Calendar.microsecondsPerDay))
    case .timestamp(let time):
      let limit = UInt64(lastDay * Calendar.microsecondsPerDay)
      return time.magnitude <= limit ? Double(time) : .nan
    default: return .nan
    }
  }

  /// The value of a row in words; nothing for null.
  func text(at row: Int, _ rules: TimeZoneRules) -> String? {
    switch scalar(at: row) {
    case .null: return nil
    case .boolean(let value): return value ? "true" : "false"
    case .text(let text): return ChartText.clean(text)
    case .integer, .double:
      let number = number(at: row)
      return number.isFinite ? NumberText.exact(number, display) : nil
    case .duration(let value): return TimeText.duration(Double(value))
    case .date, .timestamp:
      if case .date = display { return ValueFormatter.text(scalar(at: row), display, timeZone: rules) }
      let time = time(at: row, rules)
      return time.isFinite ? TimeText.moment(Int64(time), rules) : nil
    }
  }
}

extension Layer.Channel {
  /// The times that are missing between those of some channels, if all begin calendar periods of one length and are of
  /// one type with this one.
  func gaps(between channels: [Layer.Channel], _ rules: TimeZoneRules) -> Layer.Channel? {
    let type = column.type
    guard type == .date || type == .timestamp, channels.allSatisfy({ $0.column.type == type }) else {
      return nil
    }
    let rhythm = Rhythm(channels, rules)
    let gaps = rhythm.gaps(in: rhythm.times, upTo: Plot.listedCells).map {
      Layer.Channel.time($0, type, rules)
    }
    return gaps.isEmpty ? nil : Layer.Channel(name: name, column: Column(type, gaps), display: display)
  }

  /// A local time in microseconds as a date or a timestamp.
  static func time(_ local: Int64, _ type: ScalarType, _ rules: TimeZoneRules) -> Scalar {
    type == .date
      ? .date(Calendar.floorDivide(local, Calendar.microsecondsPerDay))
      : .timestamp(rules.timestamp(local: local))
  }
}
