import TestSupport
import Testing
import Values

@testable import Charts

/// What stands beside a grid: periods in true steps, the newest of many, headings of groups.
@Suite struct HeatmapAxisTests {
  private func names(_ type: ScalarType, _ values: [Scalar], zone: String = "UTC") -> [String] {
    let figure = Figure(
      layers: [
        Layer(
          .heatmap, x: channel("x", .text, values.map { _ in .text("web") }), y: channel("y", type, values),
          color: channel("n", .integer, values.map { _ in .integer(7) }))
      ], timeZone: zone)
    guard case .category(let names, _) = Plot(figure, size: .regular).value else { return [] }
    return names
  }

  private func dates(_ days: [(Int64, Int64, Int64)]) -> [Scalar] {
    days.map { .date(Calendar.day(year: $0.0, month: $0.1, day: $0.2)) }
  }

  @Test func missingPeriodsAreEmptyRows() {
    #expect(
      names(.date, dates([(2026, 3, 2), (2026, 3, 4), (2026, 3, 5)]))
        == ["2 Mar 2026", "3 Mar 2026", "4 Mar 2026", "5 Mar 2026"])
    #expect(
      names(.date, dates([(2026, 3, 23), (2026, 3, 2), (2026, 3, 9)]))
        == ["2 Mar 2026", "9 Mar 2026", "16 Mar 2026", "23 Mar 2026"])
    #expect(
      names(.date, dates([(2025, 12, 1), (2026, 2, 1), (2026, 3, 1)]))
        == ["1 Dec 2025", "1 Jan 2026", "1 Feb 2026", "1 Mar 2026"])
    #expect(
      names(.date, dates([(2025, 7, 1), (2026, 1, 1), (2026, 4, 1)]))
        == ["1 Jul 2025", "1 Oct 2025", "1 Jan 2026", "1 Apr 2026"])
    #expect(
      names(.date, dates([(2022, 1, 1), (2024, 1, 1)])) == ["1 Jan 2022", "1 Jan 2023", "1 Jan 2024"])
  }

  @Test func missingHoursAreThoseOfTheZone() {
    // From 23:00 on the 28th, over the hour that the clocks of Berlin skip on 29 March 2026.
    let start = Calendar.day(year: 2026, month: 3, day: 28) * Calendar.microsecondsPerDay + 22 * 3_600_000_000
    let hours = [0, 4, 5].map { Scalar.timestamp(start + $0 * 3_600_000_000) }
    #expect(
      names(.timestamp, hours, zone: "Europe/Berlin")
        == [
          "28 Mar 2026 23:00", "29 Mar 2026", "29 Mar 2026 01:00", "29 Mar 2026 03:00", "29 Mar 2026 04:00",
          "29 Mar 2026 05:00",
        ])
  }

  @Test func timesThatAreNoPeriodsAndScatteredDaysAreNotFilled() {
    let odd = [Scalar.timestamp(1), .timestamp(7_000_000_000)]
    #expect(names(.timestamp, odd).count == 2)
    #expect(names(.date, [.date(0), .date(1), .date(20_000)]).count == 3)
    #expect(names(.date, [.date(5), .null]) == ["6 Jan 1970", "–"])
  }

  @Test func ofManyPeriodsTheLastAreDrawn() {
    let days = days(from: 2026, 1, 1, count: 90).enumerated().filter { $0.offset != 80 }.map(\.element)
    let listed = names(.date, days)
    #expect(listed.count == 60)
    #expect(listed.last == "31 Mar 2026")
    #expect(listed.contains("22 Mar 2026"))
    let figure = Figure(layers: [
      Layer(
        .heatmap, x: channel("x", .date, days), y: channel("y", .text, days.indices.map { .text("g\($0)") }),
        color: channel("n", .integer, days.map { _ in .integer(7) }))
    ])
    let drawing = Drawing(Chart.svg(figure, id: "a"))
    #expect(drawing.texts.contains("The last 60 of 90 are drawn."))
    #expect(drawing.texts.contains("The first 60 of 89 are drawn."))
  }

  /// A retention of weeks, of which one is missing.
  private func retention(weeks: Int, groups: [String] = []) -> Table {
    var rows: [[Scalar]] = []
    for group in groups.isEmpty ? [""] : groups {
      for week in 0..<weeks where week != weeks - 3 {
        for period in 0..<2 {
          let cohort = Calendar.day(year: 2025, month: 1, day: 6) + Int64(week) * 7
          rows.append(
            [
              .date(cohort), .integer(Int64(period)), .integer(100), .integer(40), .double(0.4),
            ] + (groups.isEmpty ? [] : [.text(group)]))
        }
      }
    }
    return Table(
      [
        Field("cohort", .date), Field("period", .integer), Field("eligible", .integer),
        Field("retained", .integer), Field("rate", .double),
      ] + (groups.isEmpty ? [] : [Field("platform", .text)]), rows: rows)
  }

  @Test func ofManyCohortsTheLastAreDrawnBelowAllOfThem() {
    let drawing = Drawing(Chart.svg(.retention(of: retention(weeks: 84)), id: "r"))
    #expect(drawing.texts.contains("The last 59 of 84 cohorts are drawn."))
    #expect(drawing.texts.contains("All (8,300)"))
    #expect(drawing.texts.contains("10 Aug 2026 (100)"))
    // The week that nobody began in.
    #expect(drawing.texts.contains("27 Jul 2026"))
    #expect(!drawing.texts.contains("6 Jan 2025 (100)"))
  }

  @Test func cohortsOfGroupsStandBelowTheirHeadings() {
    let groups = ["a plan with a very long name, yearly", "a plan with a very long name, monthly", "שלום"]
    let table = retention(weeks: 30, groups: groups)
    for size in ChartSize.allCases {
      let drawing = Drawing(Chart.svg(.retention(of: table), id: "r", size: size))
      #expect(drawing.texts.contains("The last 20 of 30 cohorts are drawn, of each group."))
      #expect(drawing.texts.contains(groups[0]) && drawing.texts.contains("\u{2068}שלום\u{2069}"))
      #expect(drawing.texts.count { $0 == "28 Jul 2025 (100)" } == 3)
      #expect(drawing.texts.count { $0 == "14 Jul 2025" } == 3)
      #expect(!drawing.texts.contains { $0.contains("All") })
    }
    let svg = Chart.svg(.retention(of: table), id: "r")
    #expect(svg.contains("<title>\u{2068}שלום\u{2069} · 28 Jul 2025 (100)</title>"))
  }

  @Test func headingsNeedGroupsThatStandTogether() {
    func list(_ names: [String]) -> [String] {
      var list = CategoryList(
        [channel("y", .text, names.map { .text($0) })], isOrdered: false, rules: .utc)
      _ = list.addHeadings()
      return list.names
    }
    #expect(list(["a · 1", "a · 2", "b · 1"]) == ["a", "a · 1", "a · 2", "b", "b · 1"])
    #expect(list(["a · 1", "b · 1"]) == ["a · 1", "b · 1"])
    #expect(list(["a · 1", "b · 1", "a · 2"]) == ["a · 1", "b · 1", "a · 2"])
    #expect(list(["All", "a · 1", "a · 2"]) == ["All", "a · 1", "a · 2"])
    #expect(list([]) == [])
  }
}
