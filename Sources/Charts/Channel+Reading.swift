import Values

extension Layer.Channel {
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

/// The distinct names on a categorical axis or of a colour, in order.
struct CategoryList {
  private(set) var names: [String] = []
  private var indices: [String: Int] = [:]

  /// The values of some channels.
  ///
  /// - Parameter isOrdered: whether they are in the order of the values, instead of the order of appearance.
  init(_ channels: [Layer.Channel], isOrdered: Bool, rules: TimeZoneRules) {
    var keys: [Double] = []
    for channel in channels {
      for row in 0..<channel.column.count {
        let name = channel.text(at: row, rules) ?? ChartText.missing
        if indices[name] != nil { continue }
        indices[name] = names.count
        names.append(name)
        let key = channel.number(at: row)
        keys.append(key.isFinite ? key : .infinity)
      }
    }
    guard isOrdered else { return }
    let order = names.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    keep(order)
  }

  /// The position of a name.
  func index(of name: String) -> Int? { indices[name] }

  /// Leaves only the names at the given positions, in that order.
  mutating func keep(_ order: [Int]) {
    names = order.map { names[$0] }
    indices = [:]
    for (index, name) in names.enumerated() { indices[name] = index }
  }
}
