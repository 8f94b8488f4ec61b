import Testing
import Values

/// A calendar that knows nothing but how long months are, and counts.
private struct CountedDate: Hashable {
  var year: Int64
  var month: Int64
  var day: Int64

  var monthLength: Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  mutating func goOn() {
    day += 1
    guard day > monthLength else { return }
    (month, day) = (month + 1, 1)
    guard month > 12 else { return }
    (year, month) = (year + 1, 1)
  }

  mutating func goBack() {
    day -= 1
    guard day < 1 else { return }
    month -= 1
    if month < 1 { (year, month) = (year - 1, 12) }
    day = monthLength
  }
}

@Suite struct CalendarTests {
  /// Whether both directions agree with counting at a day.
  private func agrees(_ counted: CountedDate, _ day: Int64) -> Bool {
    let date = Calendar.date(day)
    return CountedDate(year: date.year, month: date.month, day: date.day) == counted
      && Calendar.day(year: counted.year, month: counted.month, day: counted.day) == day
  }

  @Test func datesAfter1970AreThoseOfCounting() {
    var counted = CountedDate(year: 1970, month: 1, day: 1)
    var differing: [Int64] = []
    for day in Int64(0)..<1_000_000 {
      if !agrees(counted, day) { differing.append(day) }
      counted.goOn()
    }
    #expect(counted == CountedDate(year: 4707, month: 11, day: 29))
    #expect(differing.prefix(3) == [])
  }

  @Test func datesBefore1970AreThoseOfCountingBackToNegativeYears() {
    var counted = CountedDate(year: 1970, month: 1, day: 1)
    var differing: [Int64] = []
    for day in (Int64(-1_500_000)...0).reversed() {
      if !agrees(counted, day) { differing.append(day) }
      if day > -1_500_000 { counted.goBack() }
    }
    #expect(counted.year == -2137)
    #expect(differing.prefix(3) == [])
  }

  @Test func centuriesOfFarYearsComeBack() {
    for year in stride(from: Int64(-290_000), through: 290_000, by: 97) {
      for (month, day) in [(1, 1), (2, 28), (3, 1), (12, 31)] as [(Int64, Int64)] {
        let number = Calendar.day(year: year, month: month, day: day)
        #expect(Calendar.date(number) == (year, month, day))
        #expect(Calendar.date(number + 146_097) == (year + 400, month, day), "400 years are 146,097 days")
      }
    }
  }

  @Test(
    arguments: [
      (2026, 13, 1, 2027, 1, 1), (2026, 0, 15, 2025, 12, 15), (2026, -11, 1, 2025, 1, 1),
      (2026, -12, 1, 2024, 12, 1), (2026, 25, 1, 2028, 1, 1), (2025, 2, 29, 2025, 3, 1),
      (2024, 2, 30, 2024, 3, 1), (2026, 3, 0, 2026, 2, 28), (2026, 1, -30, 2025, 12, 1),
    ] as [(Int64, Int64, Int64, Int64, Int64, Int64)])
  func monthsAndDaysCarryOver(
    year: Int64, month: Int64, day: Int64, meantYear: Int64, meantMonth: Int64, meantDay: Int64
  ) {
    let number = Calendar.day(year: year, month: month, day: day)
    #expect(Calendar.date(number) == (meantYear, meantMonth, meantDay))
  }

  @Test func weeksStartOnMonday() {
    #expect(Calendar.weekday(0) == 4, "1970-01-01 was a Thursday")
    #expect(Calendar.weekday(Calendar.day(year: 2026, month: 3, day: 29)) == 7)
    for day in Int64(-800)...800 {
      #expect((1...7).contains(Calendar.weekday(day)))
      #expect(Calendar.weekday(day + 1) == Calendar.weekday(day) % 7 + 1)
      let monday = Calendar.startOfWeek(day)
      #expect(Calendar.weekday(monday) == 1)
      #expect((0...6).contains(day - monday))
    }
  }

  @Test func divisionRoundsDownAndItsRemainderHasTheDivisorsSign() {
    for a in Int64(-25)...25 {
      for b in Int64(-7)...7 where b != 0 {
        let quotient = Calendar.floorDivide(a, b)
        #expect(quotient == Int64((Double(a) / Double(b)).rounded(.down)))
        #expect(quotient * b + Calendar.floorModulo(a, b) == a)
      }
    }
    #expect(Calendar.floorDivide(.min, 1_000_000) == -9_223_372_036_855)
    #expect(Calendar.floorModulo(.min, 1_000_000) == 224_192)
    #expect(Calendar.floorDivide(.max, Calendar.microsecondsPerDay) == 106_751_991)
  }
}
