/// Maps the values of one axis to coordinates.
struct Scale {
  let measure: Measure
  let domain: ClosedRange<Double>
  /// The coordinates of the domain's lower and upper bound.
  var range: (start: Double, end: Double)
  let ticks: [Tick]

  /// The coordinate of a value; what lies outside the domain, such as the zero of a bar along times, is at
  /// its end.
  func position(_ value: Double) -> Double {
    let value = max(domain.lowerBound, min(value, domain.upperBound))
    let share = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    return range.start + share * (range.end - range.start)
  }

  /// How long a distance of values is, in units of the view box.
  func length(_ distance: Double) -> Double {
    distance / (domain.upperBound - domain.lowerBound) * abs(range.end - range.start)
  }
}

/// A value that an axis names.
struct Tick {
  var value: Double
  var label: String
  /// What the label leaves out, below it; see `TimeTick`.
  var context: String?
}

/// How an axis chooses where it begins and ends.
enum Fit {
  /// From the first to the last value.
  case exact
  /// With a little room at both ends.
  case padded
  /// At round numbers; from zero when the values are not far from it.
  case round
  /// At round numbers, and with zero.
  case roundFromZero
}

extension Scale {
  /// A scale for a range of values, with about `limit` ticks. Its coordinates are set by the layout.
  init(_ measure: Measure, over span: Span, fit: Fit, ticks limit: Int) {
    let low = span.isEmpty ? 0 : span.low
    let high = span.isEmpty ? 1 : span.high
    self.measure = measure
    range = (0, 1)
    switch measure {
    case .category(let names, _):
      domain = -0.5...(Double(max(1, names.count)) - 0.5)
      ticks = names.enumerated().map { Tick(value: Double($0.offset), label: $0.element) }
    case .time(let rules, let shortest, let weekday):
      let day = 86_400e6
      let margin = low < high ? (fit == .exact ? 0 : (high - low) * 0.02) : day / 2
      domain = (low - margin)...(high + margin)
      ticks = TimeTick.ticks(
        in: low < high ? domain : low...high, rules: rules, limit: limit, shortest: shortest, weekday: weekday
      ).map { Tick(value: Double($0.timestamp), label: $0.label, context: $0.context) }
    case .number, .duration:
      (domain, ticks) = Scale.quantity(measure, low: low, high: high, fit: fit, limit: limit)
    }
  }

  private static func quantity(
    _ measure: Measure, low: Double, high: Double, fit: Fit, limit: Int
  ) -> (ClosedRange<Double>, [Tick]) {
    var low = low
    var high = high
    let isNearZero = low >= 0 && low < 0.25 * high || high <= 0 && high > 0.25 * low
    if fit == .roundFromZero || fit == .round && isNearZero {
      low = min(low, 0)
      high = max(high, 0)
    }
    if low == high {
      let half = low == 0 ? 0.5 : low.magnitude * 0.1
      (low, high) = low == 0 && fit != .exact ? (0, 1) : (low - half, high + half)
    }
    if fit == .padded {
      let margin = (high - low) * 0.03
      (low, high) = (low - margin, high + margin)
    }
    var step = stepSize(measure, (high - low) / Double(max(1, limit)))
    if fit == .round || fit == .roundFromZero {
      let slack = 1e-9
      let first = (low / step + slack).rounded(.down) * step
      let last = (high / step - slack).rounded(.up) * step
      // Where a round end would leave much of a step empty, the axis ends a little beyond the values instead.
      let room = (high - low) * 0.06
      if low != 0 { low = low - first > step * 0.6 ? max(first, low - room) : min(first, low) }
      if high != 0 { high = last - high > step * 0.6 ? min(last, high + room) : max(last, high) }
      if (high - low) / step > Double(limit) * 2 { step = stepSize(measure, (high - low) / Double(limit)) }
    }
    let values = Ticks.multiples(of: step, in: low...high)
    return (low...high, zip(values, texts(measure, values, step: step)).map { Tick(value: $0, label: $1) })
  }

  private static func stepSize(_ measure: Measure, _ size: Double) -> Double {
    if case .duration = measure { return Ticks.durationStep(atLeast: size) }
    return Ticks.niceStep(atLeast: size)
  }

  private static func texts(_ measure: Measure, _ values: [Double], step: Double) -> [String] {
    guard case .number(let display) = measure else {
      let unit = DurationUnit.filled(by: step)
      let numbers = values.map { $0 / unit.length }
      return NumberText.ticks(numbers, step: step / unit.length, .number(decimals: 0)).map {
        $0 == "0" ? $0 : $0 + "\u{A0}" + unit.rawValue
      }
    }
    return NumberText.ticks(values, step: step, display)
  }
}
