/// The decimal digits of a number, so that rounding is the rounding a reader would do by hand.
///
/// A double is taken as its shortest decimal that reads back as the same double: 1.005 to two decimals is
/// 1.01, although the nearest double lies a little below. Halves round away from zero.
struct DecimalDigits: Hashable {
  var isNegative: Bool
  /// Most significant first, without leading zeros; empty for zero.
  private(set) var digits: [UInt8]
  /// How many of the digits stand before the decimal point; negative where zeros follow the point first.
  private(set) var pointPosition: Int

  init(_ value: Int64) {
    self.init(decimal: value.description)
  }

  /// The digits of a finite number.
  init(_ value: Double) {
    precondition(value.isFinite, "only finite numbers have digits")
    self.init(decimal: value.description)
  }

  /// Reads what Swift prints for a number, such as `-12.5` or `1e-07`.
  private init(decimal: String) {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    let parts = decimal.utf8.split(separator: UInt8(ascii: "e"))
    for byte in parts[0] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "."): point = digits.count
      default: break
      }
    }
    if parts.count > 1 { exponent = Int(Substring(parts[1])) ?? 0 }
    isNegative = decimal.utf8.first == UInt8(ascii: "-")
    self.digits = digits
    pointPosition = (point ?? digits.count) + exponent
    normalize()
  }

  /// Whether the number is zero.
  var isZero: Bool { digits.isEmpty }

  /// The power of ten of the first digit: 0 for 5, 3 for 5000, −2 for 0.05.
  var magnitude: Int { pointPosition - 1 }

  /// The number times a power of ten.
  func scaled(byPowerOfTen power: Int) -> DecimalDigits {
    var result = self
    if !isZero { result.pointPosition += power }
    return result
  }

  /// The number rounded to so many decimals.
  func rounded(decimals: Int) -> DecimalDigits {
    let kept = pointPosition + decimals
    guard kept < digits.count else { return self }
    var result = self
    guard kept >= 0 else {
      result.digits = []
      result.normalize()
      return result
    }
    let roundsUp = digits[kept] >= 5
    result.digits = Array(digits[..<kept])
    if roundsUp { result.increment() }
    result.normalize()
    return result
  }

  /// The number rounded to so many significant digits.
  func rounded(significant: Int) -> DecimalDigits {
    isZero ? self : rounded(decimals: significant - pointPosition)
  }

  /// How many decimals the number has.
  var decimals: Int { max(0, digits.count - pointPosition) }

  /// The number's absolute value with at least so many decimals, without exponent.
  func text(minimumDecimals: Int = 0, grouping: Grouping) -> String {
    let whole = (0..<max(pointPosition, 1)).map { digit(at: $0 + min(pointPosition - 1, 0)) }
    var text = ""
    for (index, digit) in whole.enumerated() {
      let remaining = whole.count - index
      if grouping == .thousands, index > 0, remaining % 3 == 0 { text += "," }
      text += String(digit)
    }
    let shown = max(decimals, minimumDecimals)
    guard shown > 0 else { return text }
    text += "."
    for place in 0..<shown { text += String(digit(at: pointPosition + place)) }
    return text
  }

  enum Grouping { case none, thousands }

  /// The digit at a position, counted from the first digit; zero beside the digits.
  private func digit(at position: Int) -> UInt8 { digits.indices.contains(position) ? digits[position] : 0 }

  /// Adds one to the last digit.
  private mutating func increment() {
    for index in digits.indices.reversed() {
      if digits[index] < 9 {
        digits[index] += 1
        return
      }
      digits[index] = 0
    }
    digits.insert(1, at: 0)
    pointPosition += 1
  }

  /// Drops zeros at both ends, so that equal numbers are equal.
  private mutating func normalize() {
    while digits.last == 0 { digits.removeLast() }
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    pointPosition -= leading
    guard digits.isEmpty else { return }
    pointPosition = 0
    isNegative = false
  }
}
