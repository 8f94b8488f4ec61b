import Charts
import Testing
import Values

@Suite struct StoryFiguresTests {
  private func funnel(by country: [Scalar]? = nil) -> Table {
    var schema = [
      Field("step", .text), Field("entities", .integer), Field("rate", .double),
      Field("rate_of_previous", .double), Field("median_time", .duration),
    ]
    var columns = [
      Column(.text, ["visit", "view", "buy"].map { .text($0) }),
      Column(.integer, [.integer(2000), .integer(1000), .integer(100)]),
      Column(.double, [.double(1), .double(0.5), .double(0.05)]),
      Column(.double, [.null, .double(0.5), .double(0.1)]),
      Column(.duration, [.null, .duration(90_000_000), .null]),
    ]
    if let country {
      schema.insert(Field("country", .text), at: 0)
      columns.insert(Column(.text, country), at: 0)
    }
    return Table(schema: schema, columns: columns, kind: .funnel)
  }

  @Test func aFunnelSaysRatesAndTimes() {
    let drawing = Drawing(Chart.svg(.funnel(of: funnel()), id: "f"))
    #expect(drawing.isWellFormed)
    #expect(drawing.texts.contains("2,000  ·  100.0%"))
    #expect(drawing.texts.contains("100  ·  5.0%"))
    #expect(drawing.texts.contains("↑ 50.0% of the step before, median 1 min 30 s"))
    #expect(drawing.texts.contains("↑ 10.0% of the step before"))
    #expect(drawing.sentences.contains("buy: 100  ·  5.0%"))
  }

  @Test func aFunnelByGroupsComparesShares() {
    let table = funnel(by: [.text("DE"), .text("DE"), .null])
    let drawing = Drawing(Chart.svg(.funnel(of: table), id: "f"))
    #expect(drawing.isWellFormed)
    #expect(drawing.texts.contains("(none)"))
    #expect(Figure.funnel(of: table).layers.first?.color?.name == "country")
  }

  @Test func tablesWithoutTheColumnsGiveNoMarks() {
    let table = Table(schema: [], columns: [])
    #expect(Drawing(Chart.svg(.funnel(of: table), id: "f")).texts == ["No data"])
    #expect(Drawing(Chart.svg(.retention(of: table), id: "f")).texts == ["No data"])
  }

  private func retention() -> Table {
    let cohorts = days(from: 2026, 3, 2, count: 2, apart: 7)
    return Table(
      schema: [
        Field("cohort", .date), Field("period", .integer), Field("eligible", .integer),
        Field("retained", .integer), Field("rate", .double),
      ],
      columns: [
        Column(.date, [cohorts[0], cohorts[0], cohorts[1], cohorts[1]]),
        Column(.integer, [.integer(0), .integer(1), .integer(0), .integer(1)]),
        Column(.integer, [.integer(100), .integer(100), .integer(300), .integer(0)]),
        Column(.integer, [.integer(100), .integer(40), .integer(150), .null]),
        Column(.double, [.double(1), .double(0.4), .double(0.5), .null]),
      ], kind: .retention)
  }

  @Test func retentionSumsOverCohortsAndLeavesTheFutureEmpty() {
    let drawing = Drawing(Chart.svg(.retention(of: retention()), id: "r"))
    #expect(drawing.isWellFormed)
    #expect(drawing.texts.contains("9 Mar 2026 (300)"))
    #expect(drawing.texts.contains("All (400)"))
    // 250 of 400 together, which is not the mean of 100 % and 50 %.
    #expect(drawing.texts.contains("63%"))
    #expect(!drawing.texts.contains("75%"))
    #expect(drawing.texts.filter { $0.hasSuffix("%") }.count == 5)
    #expect(drawing.sentences.contains("5 cells"))
  }
}
