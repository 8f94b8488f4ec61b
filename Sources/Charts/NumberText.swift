import Foundation
import Values

/// Numbers as a chart shows them: exact in sentences and labels, short on axes.
enum NumberText {
  /// The value as a reader would write it.
  static func exact(_ value: Double, _ display: Display) -> String {
    switch display {
    case .percent(let decimals): return fixed(value * 100, decimals: decimals) + "%"
    case .number(let decimals): return fixed(value, decimals: decimals)
    case .money(let currency):
      let isWhole = value == value.rounded() || value.magnitude >= 1000
      return money(fixed(value, decimals: isWhole ? 0 : 2), currency)
    case .plain: return fixed(value, decimals: significantDecimals(value), separator: "")
    case .automatic, .date: return significant(value)
    }
  }

  /// Texts of evenly spaced numbers, in one unit and with as many decimals as tell them apart: `10k`, `1.5M`,
  /// `5%`.
  static func ticks(_ values: [Double], step: Double, _ display: Display) -> [String] {
    let largest = values.map(\.magnitude).max() ?? 0
    var factor = 1.0
    var suffix = ""
    switch display {
    case .percent: (factor, suffix) = (100, "%")
    case .plain: break
    default: (factor, suffix) = unit(largest, step: step)
    }
    let decimals = decimals(of: step * factor)
    return values.map { value in
      if decimals > 6 || largest >= 1e15 { return scientific(value) }
      let number = value == 0 ? "0" : fixed(value * factor, decimals: decimals, separator: separator(display))
      let text = value == 0 && suffix != "%" ? number : number + suffix
      if case .money(let currency) = display { return money(text, currency) }
      return text
    }
  }

  /// A number with so many decimals and separators between thousands.
  static func fixed(_ value: Double, decimals: Int, separator: String = ",") -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return scientific(value) }
    let decimals = max(0, min(decimals, 9))
    let scale = power(decimals)
    let scaled = (value.magnitude * scale).rounded()
    guard scaled < 9e18 else { return fixed(value, decimals: 0, separator: separator) }
    let digits = UInt64(scaled)
    var whole = String(digits / UInt64(scale))
    var grouped = ""
    while whole.utf8.count > 3, !separator.isEmpty {
      grouped = separator + whole.suffix(3) + grouped
      whole.removeLast(3)
    }
    var fraction = ""
    if decimals > 0 {
      let digits = String(digits % UInt64(scale))
      fraction = "." + String(repeating: "0", count: decimals - digits.utf8.count) + digits
    }
    return (value < 0 && digits > 0 ? "−" : "") + whole + grouped + fraction
  }

  /// Four significant digits, and never fewer than the whole part has.
  private static func significant(_ value: Double) -> String {
    if value != 0, value.magnitude < 1e-4 { return scientific(value) }
    return fixed(value, decimals: significantDecimals(value))
  }

  private static func significantDecimals(_ value: Double) -> Int {
    if value == value.rounded() { return 0 }
    let wanted = max(0, 3 - Int(log10(value.magnitude).rounded(.down)))
    let rounded = (value * power(wanted)).rounded() / power(wanted)
    return (0...wanted).first { (rounded * power($0)).rounded() / power($0) == rounded } ?? wanted
  }

  private static func scientific(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "–" }
    let exponent = Int(log10(value.magnitude).rounded(.down))
    let mantissa = fixed(value / pow(10, Double(exponent)), decimals: 2)
    let shortened = mantissa.hasSuffix(".00") ? String(mantissa.dropLast(3)) : mantissa
    let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let raised = String(exponent.magnitude).compactMap(\.wholeNumberValue).map { superscripts[$0] }
    return shortened + "×10" + (exponent < 0 ? "⁻" : "") + String(raised)
  }

  /// What numbers of a size are counted in, if they are not far apart in it.
  private static func unit(_ largest: Double, step: Double) -> (factor: Double, suffix: String) {
    let units = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")]
    for (size, suffix) in units where largest >= (size == 1e3 ? 1e4 : size) {
      if decimals(of: step / size) <= 2 { return (1 / size, suffix) }
    }
    return (1, "")
  }

  /// How many decimals a number needs to be written in full.
  private static func decimals(of value: Double) -> Int {
    (0...9).first { digits in
      let scaled = value * power(digits)
      return abs(scaled - scaled.rounded()) < 1e-6 * max(1, scaled.magnitude)
        && scaled.rounded() != 0
    } ?? 9
  }

  private static func money(_ number: String, _ currency: String) -> String {
    let symbols = ["USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩"]
    let isNegative = number.hasPrefix("−")
    let amount = isNegative ? String(number.dropFirst()) : number
    let prefix = symbols[currency.uppercased()] ?? ChartText.clean(currency) + "\u{A0}"
    return (isNegative ? "−" : "") + prefix + amount
  }

  private static func separator(_ display: Display) -> String { display == .plain ? "" : "," }

  private static func power(_ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { result, _ in result * 10 }
  }
}
