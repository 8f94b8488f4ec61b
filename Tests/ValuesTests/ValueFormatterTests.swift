import Testing
import Values

@Suite struct ValueFormatterTests {
  private func text(_ scalar: Scalar, _ display: Display = .automatic, zone: TimeZoneRules = .utc) -> String {
    ValueFormatter.text(scalar, display, timeZone: zone)
  }

  @Test(
    arguments: [
      (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (-1_234_567, "−1,234,567"),
      (.max, "9,223,372,036,854,775,807"), (.min, "−9,223,372,036,854,775,808"),
    ] as [(Int64, String)])
  func integersHaveThousandsSeparators(value: Int64, shown: String) {
    #expect(text(.integer(value)) == shown)
    #expect(text(.integer(value), .plain) == shown.replacing(",", with: ""))
  }

  @Test(
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (0.5, "0.5"), (1.23456, "1.235"), (-12.3456, "−12.35"),
      (999.96, "1,000"), (12345.678, "12,346"), (0.000123456, "0.0001235"), (0.00001, "1×10⁻⁵"),
      (1.5e-112, "1.5×10⁻¹¹²"), (123_456_789_012_345, "123,456,789,012,345"), (-1e15, "−1×10¹⁵"),
      (Double.greatestFiniteMagnitude, "1.798×10³⁰⁸"), (.leastNonzeroMagnitude, "5×10⁻³²⁴"), (.nan, "NaN"),
      (.infinity, "∞"), (-.infinity, "−∞"), (0.1 + 0.2, "0.3"), (2.0 / 3, "0.6667"), (99999.5, "100,000"),
    ] as [(Double, String)])
  func doublesHaveFourSignificantDigits(value: Double, shown: String) {
    #expect(text(.double(value)) == shown)
  }

  @Test(
    arguments: [
      (0.285, 0, "29%"), (0.0213, 1, "2.1%"), (1, 0, "100%"), (-0.00004, 2, "0.00%"), (-0.05, 1, "−5.0%"),
      (0.9995, 1, "100.0%"), (12.5, 0, "1,250%"), (1e30, 1, "1×10³²%"), (.nan, 1, "NaN"),
      (0.123456, -3, "12%"),
    ] as [(Double, Int, String)])
  func percentagesAreRoundedAsDecimals(value: Double, decimals: Int, shown: String) {
    #expect(text(.double(value), .percent(decimals: decimals)) == shown)
  }

  @Test(
    arguments: [
      (1.005, 2, "1.01"), (2.5, 0, "3"), (-2.5, 0, "−3"), (0.049, 1, "0.0"), (0.05, 1, "0.1"),
      (1234.5, 3, "1,234.500"), (-0.001, 2, "0.00"), (9.999, 2, "10.00"), (0.5, 0, "1"), (0.4, 0, "0"),
      (1e-300, 2, "0.00"),
    ] as [(Double, Int, String)])
  func numbersHaveTheirDecimals(value: Double, decimals: Int, shown: String) {
    #expect(text(.double(value), .number(decimals: decimals)) == shown)
  }

  @Test func decimalsAreBounded() {
    #expect(text(.integer(1), .number(decimals: .max)) == "1." + String(repeating: "0", count: 20))
    #expect(text(.integer(1), .percent(decimals: 1)) == "100.0%")
  }

  @Test(
    arguments: [
      ("USD", "$12.50"), ("eur", "€12.50"), ("GBP", "£12.50"), ("JPY", "¥13"), ("CHF", "CHF\u{A0}12.50"),
      ("KWD", "KWD\u{A0}12.500"),
    ])
  func moneyHasItsCurrency(code: String, shown: String) {
    #expect(text(.double(12.5), .money(currency: code)) == shown)
    #expect(text(.double(-12.5), .money(currency: code)) == "−" + shown)
  }

  @Test(
    arguments: [
      (0, "$0.00"), (999.99, "$999.99"), (999.996, "$1,000"), (1000, "$1,000"), (-30_000.5, "−$30,001"),
      (0.004, "$0.00"), (-0.004, "$0.00"), (1e25, "$1×10²⁵"),
    ] as [(Double, String)])
  func largeAmountsHaveNoCents(value: Double, shown: String) {
    #expect(text(.double(value), .money(currency: "USD")) == shown)
  }

  @Test func datesAreISO() {
    #expect(text(.date(0)) == "1970-01-01")
    #expect(text(.date(-1)) == "1969-12-31")
    #expect(text(.date(20_458)) == "2026-01-05")
    #expect(text(.date(.max)) == "day 9223372036854775807")
    #expect(text(.date(-719_529)) == "-0001-12-31")
    #expect(text(.date(2_932_897)) == "+10000-01-01")
  }

  @Test(
    arguments: [
      (0, "2026-01-05"), (9 * 3600, "2026-01-05 09:00"), (9 * 3600 + 61, "2026-01-05 09:01:01"),
    ])
  func timestampsLeaveZeroPartsOut(seconds: Int64, shown: String) {
    let time = (20_458 * 86_400 + seconds) * 1_000_000
    #expect(text(.timestamp(time)) == shown)
  }

  @Test func timestampsHaveFractionsWhereThereAre() {
    let time = 20_458 * Calendar.microsecondsPerDay + 250_000
    #expect(text(.timestamp(time)) == "2026-01-05 00:00:00.25")
    #expect(ValueFormatter.machine(.timestamp(time)) == "2026-01-05T00:00:00.25Z")
  }

  @Test func timestampsAreShownInTheirZone() throws {
    let berlin = try #require(TimeZoneRules(named: "Europe/Berlin"))
    let time = 20_458 * Calendar.microsecondsPerDay + 23 * 3_600_000_000
    #expect(text(.timestamp(time), zone: berlin) == "2026-01-06")
    #expect(ValueFormatter.machine(.timestamp(time)) == "2026-01-05T23:00:00Z")
    #expect(text(.timestamp(.max), zone: berlin) == "+294247-01-10 04:00:54.775807")
    #expect(text(.timestamp(.min), zone: berlin) == "-290308-12-21 19:59:05.224192")
  }

  @Test(
    arguments: [
      ("d MMM yyyy", "5 Jan 2026"), ("EEEE, d MMMM yyyy", "Monday, 5 January 2026"),
      ("EEE dd.MM.", "Mon 05.01."), ("HH:mm:ss", "14:03:09"), ("", ""),
      ("yyyy年MM月", "2026年01月"), ("{{MM}}", "{{01}}"),
    ])
  func patternsAreFollowed(pattern: String, shown: String) {
    let time = 20_458 * Calendar.microsecondsPerDay + ((14 * 60 + 3) * 60 + 9) * 1_000_000
    #expect(text(.timestamp(time), .date(pattern: pattern)) == shown)
  }

  @Test(
    arguments: [
      (14 * 86_400_000_000, "14 days", "P14D"), (86_400_000_000, "1 day", "P1D"),
      (5_400_000_000, "1 h 30 min", "PT1H30M"), (90_000_000, "1 min 30 s", "PT1M30S"),
      (1_500_000, "1.5 s", "PT1.5S"), (250_000, "250 ms", "PT0.25S"), (12, "12 µs", "PT0.000012S"),
      (0, "0 s", "PT0S"), (-3_600_000_000, "−1 h", "-PT1H"), (3_599_600_000, "1 h", "PT59M59.6S"),
      (86_400_000_000 * 3 + 3_600_000_000, "3 days 1 h", "P3DT1H"), (59_999_999, "1 min", "PT59.999999S"),
      (86_399_999_999, "1 day", "PT23H59M59.999999S"),
    ] as [(Int64, String, String)])
  func durationsAreShownInTheirLargestUnits(value: Int64, shown: String, machine: String) {
    #expect(text(.duration(value)) == shown)
    #expect(ValueFormatter.machine(.duration(value)) == machine)
  }

  @Test func theLongestDurationsAreShown() {
    #expect(text(.duration(.max)) == "106,751,991 days 4 h")
    #expect(text(.duration(.min)) == "−106,751,991 days 4 h")
  }

  @Test func nullAndTextAreShown() {
    #expect(text(.null) == "–")
    #expect(text(.null, .percent(decimals: 1)) == "–")
    #expect(text(.text("a < b"), .percent(decimals: 1)) == "a < b")
    #expect(text(.boolean(true)) == "true")
    #expect(ValueFormatter.machine(.null).isEmpty)
  }

  @Test(
    arguments: [
      (1, "1"), (-0.0, "0"), (0.1, "0.1"), (1e-7, "1e-07"), (1e300, "1e+300"), (.nan, "NaN"),
      (.infinity, "Infinity"), (-.infinity, "-Infinity"), (1_234_567.5, "1234567.5"),
    ] as [(Double, String)])
  func machineNumbersReadBack(value: Double, written: String) {
    #expect(ValueFormatter.machine(.double(value)) == written)
    if value.isFinite { #expect(Double(written) == value) }
  }

  /// Against the rounding of exact integers, on many values.
  @Test func roundingAgreesWithIntegerArithmetic() {
    for thousandths in stride(from: Int64(-30_000), through: 30_000, by: 7) {
      let magnitude = (thousandths.magnitude + 5) / 10
      let sign = thousandths < 0 && magnitude > 0 ? "−" : ""
      let cents = String(magnitude % 100)
      let expected = "\(sign)\(magnitude / 100).\(cents.count == 1 ? "0" : "")\(cents)"
      #expect(text(.double(Double(thousandths) / 1000), .number(decimals: 2)) == expected)
    }
  }
}
