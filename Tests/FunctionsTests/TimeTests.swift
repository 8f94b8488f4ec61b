import TestSupport
import Testing
import Values

@testable import Functions

/// Calendar functions where clocks change: in Berlin on 2026-03-29 from 02:00 to 03:00, and back on
/// 2026-10-25 from 03:00 to 02:00.
struct TimeTests {
  private let berlin: TimeZoneRules

  init() throws { berlin = try #require(TimeZoneRules(named: "Europe/Berlin")) }

  private func at(_ text: String) throws -> Scalar {
    .timestamp(try #require(Reading.timestamp(text, in: berlin)))
  }
  private func day(_ text: String) throws -> Scalar { .date(try #require(Reading.date(text))) }

  private func trunc(_ unit: String, _ time: Scalar) throws -> Scalar? {
    try ScalarFunction.value("date_trunc", (.text(unit), .text), (time, .timestamp), zone: berlin)
  }

  private func add(_ unit: String, _ count: Int64, _ time: Scalar) throws -> Scalar? {
    try ScalarFunction.value(
      "date_add", (.text(unit), .text), (.integer(count), .integer), (time, .timestamp), zone: berlin)
  }

  private func diff(_ unit: String, _ from: Scalar, _ to: Scalar) throws -> Scalar? {
    try ScalarFunction.value(
      "date_diff", (.text(unit), .text), (from, .timestamp), (to, .timestamp), zone: berlin)
  }

  @Test func daysAreLocal() throws {
    #expect(try trunc("day", at("2026-03-01T23:30:00Z")) == day("2026-03-02"))
    #expect(try trunc("week", at("2026-03-01T23:30:00Z")) == day("2026-03-02"))
    #expect(try trunc("quarter", at("2026-03-31T22:30:00Z")) == day("2026-04-01"))
    #expect(try trunc("year", at("2025-12-31T23:00:00Z")) == day("2026-01-01"))
  }

  @Test func anHourThatOccursTwiceIsTwoHours() throws {
    #expect(try trunc("hour", at("2026-10-25T00:40:00Z")) == at("2026-10-25T00:00:00Z"))
    #expect(try trunc("hour", at("2026-10-25T01:40:00Z")) == at("2026-10-25T01:00:00Z"))
    #expect(
      try diff("hour", at("2026-10-25T00:00:00+02:00"), at("2026-10-26T00:00:00+01:00")) == .integer(25))
    #expect(try diff("day", at("2026-10-25T00:00:00+02:00"), at("2026-10-26T00:00:00+01:00")) == .integer(1))
  }

  @Test func daysKeepTheTimeOfDay() throws {
    #expect(try add("day", 1, at("2026-03-28 12:00:00")) == at("2026-03-29 12:00:00"))
    #expect(try add("hour", 24, at("2026-03-28 12:00:00")) == at("2026-03-29 13:00:00"))
    let newYork = try #require(TimeZoneRules(named: "America/New_York"))
    let gap = try #require(Reading.timestamp("2026-03-08 02:30:00", in: newYork))
    #expect(ValueFormatter.machine(.timestamp(gap)) == "2026-03-08T07:30:00Z")
    // 02:30 does not exist on the next day: the clock goes on as if it had not been changed.
    #expect(try add("day", 1, at("2026-03-28 02:30:00")) == at("2026-03-29T01:30:00Z"))
    #expect(try add("month", -1, at("2026-03-31 08:00:00")) == at("2026-02-28 08:00:00"))
    #expect(try add("year", 1, at("2028-02-29 08:00:00")) == at("2029-02-28 08:00:00"))
  }

  @Test func aDateStartsAtItsFirstMoment() throws {
    #expect(
      try ScalarFunction.value("timestamp", (day("2026-07-01"), .date), zone: berlin)
        == at("2026-06-30T22:00:00Z"))
    #expect(
      try ScalarFunction.value(
        "+", (day("2026-07-01"), .date), (.duration(3_600_000_000), .duration), zone: berlin)
        == at("2026-06-30T23:00:00Z"))
    #expect(
      try ScalarFunction.value("date", (at("2026-06-30T22:00:00Z"), .timestamp), zone: berlin)
        == day("2026-07-01"))
    #expect(
      try ScalarFunction.value("hour", (at("2026-06-30T22:00:00Z"), .timestamp), zone: berlin) == .integer(0))
  }

  @Test func weeksOfTheYear() throws {
    for (text, week) in [
      ("2026-01-01", 1), ("2027-01-03", 53), ("2027-01-04", 1), ("2024-12-30", 1), ("2021-01-01", 53),
    ] {
      #expect(
        try ScalarFunction.value("week_of_year", (day(text), .date)) == .integer(Int64(week)), "\(text)")
    }
  }

  @Test func boundariesAreCounted() throws {
    #expect(try diff("year", at("2025-12-31 23:59:00"), at("2026-01-01 00:00:00")) == .integer(1))
    #expect(try diff("week", at("2026-03-01 12:00:00"), at("2026-03-02 00:00:00")) == .integer(1))
    #expect(try diff("month", at("2026-03-01 00:00:00"), at("2025-12-31 00:00:00")) == .integer(-3))
    #expect(try diff("quarter", at("2026-03-31 00:00:00"), at("2026-04-01 00:00:00")) == .integer(1))
  }

  @Test func theCalendarHasEnds() throws {
    #expect(
      throws: EvaluationError("date_add('year', 9000, 2026-03-01T11:00:00Z) lies outside the years 1 to 9999")
    ) {
      try add("year", 9000, at("2026-03-01 12:00:00"))
    }
    #expect(throws: EvaluationError.self) { try add("second", .max, at("2026-03-01 12:00:00")) }
    #expect(
      throws: EvaluationError("'fortnight' is not one of the units 'day', 'week', 'month', 'quarter', 'year'")
    ) {
      let kernel = try #require(ScalarFunction.kernel("date_trunc", .text, .date))
      let operands = [
        Operand(constant: .text("fortnight"), type: .text), Operand(constant: .date(0), type: .date),
      ]
      return try kernel(operands, 1, ExampleRunner.context)
    }
  }
}

struct ReadingTests {
  @Test(arguments: [
    ("2026-03-01 12:30", "2026-03-01T12:30:00Z"), ("2026-03-01T12:30:15.25Z", "2026-03-01T12:30:15.25Z"),
    ("2026-03-01T12:30:00+02:00", "2026-03-01T10:30:00Z"),
    ("2026-03-01 12:30:00 -0330", "2026-03-01T16:00:00Z"),
    ("2026-03-01", "2026-03-01T00:00:00Z"), (" 2026-03-01 00:00:00.1234567 ", "2026-03-01T00:00:00.123456Z"),
    ("2026-03-01T12:30:00+02", "2026-03-01T10:30:00Z"),
  ])
  func timestamps(text: String, expected: String) throws {
    let time = try #require(Reading.timestamp(text, in: .utc))
    #expect(ValueFormatter.machine(.timestamp(time)) == expected)
  }

  @Test(arguments: [
    "", "x", "2026-3-1", "2026-02-30", "2026-13-01", "0000-01-01", "2026-03-01 25:00", "2026-03-01 12",
    "2026-03-01T",
    "2026-03-01 12:30 x", "2026-03-01 12:30:00+", "2026-03-01 12:30:00.", "2026-03-01 12:60:00",
    "99999-01-01",
  ])
  func whatIsNoTimestamp(text: String) {
    #expect(Reading.timestamp(text, in: .utc) == nil)
  }

  @Test(
    arguments: [
      ("30 minutes", 1_800_000_000), ("1 day 2 hours", 93_600_000_000), ("1.5h", 5_400_000_000),
      ("250 ms", 250_000),
      ("-2 days", -172_800_000_000), ("PT1H30M", 5_400_000_000), ("P1DT2H", 93_600_000_000),
      ("P2W", 1_209_600_000_000),
      ("-PT0.5S", -500_000), ("1 week", 604_800_000_000),
    ] as [(String, Int64)])
  func durations(text: String, expected: Int64) { #expect(Reading.duration(text) == expected) }

  @Test(arguments: ["", "P", "PT", "1", "day", "1 month", "1h foo", "PT1D", "1e99 days", "--1 day", "P1DT"])
  func whatIsNoDuration(text: String) { #expect(Reading.duration(text) == nil) }

  @Test func durationsAreReadBackAsWritten() {
    var generator = Dice(5)
    for _ in 0..<500 {
      let duration = Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &generator)
      #expect(Reading.duration(ValueFormatter.machine(.duration(duration))) == duration)
    }
  }

  @Test func numbers() {
    #expect(Reading.integer(" 42\n") == 42)
    #expect(Reading.integer("4.0") == nil && Reading.integer("9223372036854775808") == nil)
    #expect(Reading.double("1e3") == 1000 && Reading.double("-Infinity") == -.infinity)
    #expect(Reading.double("0x10") == nil && Reading.double("1e999") == nil && Reading.double("") == nil)
    #expect(Reading.boolean("YES") == true && Reading.boolean("0") == false && Reading.boolean("2") == nil)
  }
}
