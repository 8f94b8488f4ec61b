/// Writes values for people and for machines; the same in every locale and on every machine.
public enum ValueFormatter {
  /// What stands for null.
  public static let null = "–"
  /// The sign of a negative number: the minus sign, not the hyphen.
  static let minus = "\u{2212}"

  /// A value as a reader sees it: thousands separated by `,`, decimals by `.`, times in the given zone.
  ///
  /// A display that does not fit the value's type, such as a percentage of a text, counts as automatic.
  public static func text(_ scalar: Scalar, _ display: Display, timeZone: TimeZoneRules) -> String {
    switch scalar {
    case .null: null
    case .boolean(let value): value ? "true" : "false"
    case .text(let value): value
    case .integer(let value): number(DecimalDigits(value), display, isInteger: true)
    case .double(let value): double(value, display)
    case .date(let day): date(day, display)
    case .timestamp(let time): timestamp(time, display, timeZone)
    case .duration(let time): duration(time)
    }
  }

  /// A value in its one canonical form, from which it can be read back: shortest round-trip numbers, `NaN`
  /// and `Infinity`, ISO 8601 dates and durations, RFC 3339 timestamps in UTC; null is the empty text.
  public static func machine(_ scalar: Scalar) -> String {
    switch scalar {
    case .null: ""
    case .boolean(let value): value ? "true" : "false"
    case .text(let value): value
    case .integer(let value): value.description
    case .double(let value): machine(value)
    case .date(let day): isoDate(day)
    case .timestamp(let time): isoTimestamp(time)
    case .duration(let time): isoDuration(time)
    }
  }

  private static func machine(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity" }
    guard value != 0 else { return "0" }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

// MARK: Numbers

extension ValueFormatter {
  /// How many decimals a display may ask for.
  private static let mostDecimals = 20
  /// Amounts from this power of ten on are shown without cents.
  private static let wholeMoneyMagnitude = 3

  private static func double(_ value: Double, _ display: Display) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? minus + "∞" : "∞" }
    return number(DecimalDigits(value), display, isInteger: false)
  }

  private static func number(_ digits: DecimalDigits, _ display: Display, isInteger: Bool) -> String {
    switch display {
    case .plain where isInteger:
      return signed(digits) { $0.text(grouping: .none) }
    case .automatic where isInteger:
      return signed(digits) { $0.text(grouping: .thousands) }
    case .automatic, .date:
      return automatic(digits, grouping: .thousands)
    case .plain:
      return automatic(digits, grouping: .none)
    case .number(let decimals):
      return fixed(digits, decimals: decimals)
    case .percent(let decimals):
      return fixed(digits.scaled(byPowerOfTen: 2), decimals: decimals, suffix: "%")
    case .money(let currency):
      let money = Currency(code: currency)
      let isLarge = digits.rounded(decimals: money.decimals).magnitude >= wholeMoneyMagnitude
      return fixed(digits, decimals: isLarge ? 0 : money.decimals, prefix: money.prefix)
    }
  }

  /// Four significant digits, but all of the whole part; powers of ten where a number is very large or small.
  private static func automatic(_ digits: DecimalDigits, grouping: DecimalDigits.Grouping) -> String {
    guard !digits.isZero else { return "0" }
    guard digits.magnitude >= -4, digits.magnitude < 15 else { return scientific(digits) }
    let decimals = max(0, 3 - digits.magnitude)
    return signed(digits.rounded(decimals: decimals)) { $0.text(grouping: grouping) }
  }

  private static func fixed(
    _ digits: DecimalDigits, decimals: Int, prefix: String = "", suffix: String = ""
  ) -> String {
    guard digits.magnitude < 20 else { return signed(digits) { prefix + scientific($0) + suffix } }
    let decimals = min(max(decimals, 0), mostDecimals)
    return signed(digits.rounded(decimals: decimals)) {
      prefix + $0.text(minimumDecimals: decimals, grouping: .thousands) + suffix
    }
  }

  /// Four significant digits times a power of ten.
  private static func scientific(_ digits: DecimalDigits) -> String {
    signed(digits.rounded(significant: 4)) { rounded in
      let power = rounded.magnitude
      let mantissa = rounded.scaled(byPowerOfTen: -power).text(grouping: .none)
      return "\(mantissa)×10\(superscript(power))"
    }
  }

  /// Writes a number's absolute value and puts the sign before it; what was rounded to zero has none.
  private static func signed(_ digits: DecimalDigits, _ write: (DecimalDigits) -> String) -> String {
    var absolute = digits
    absolute.isNegative = false
    return (digits.isNegative ? minus : "") + write(absolute)
  }

  private static func superscript(_ power: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let text = String(power.magnitude.description.compactMap(\.wholeNumberValue).map { digits[$0] })
    return power < 0 ? "⁻" + text : text
  }
}

/// How amounts of a currency are written. Source of the decimals: ISO 4217, list one.
private struct Currency {
  let prefix: String
  let decimals: Int

  init(code: String) {
    let code = code.uppercased()
    prefix = ["USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"][code] ?? code + "\u{A0}"
    decimals = Currency.withoutDecimals.contains(code) ? 0 : Currency.withThree.contains(code) ? 3 : 2
  }

  private static let withoutDecimals: Set<String> = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
    "XPF",
  ]
  private static let withThree: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
}
