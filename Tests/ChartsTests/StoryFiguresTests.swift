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

  private func paths(_ steps: [(position: Int64, source: String?, target: String?, paths: Int64)]) -> Table {
    func texts(_ values: [String?]) -> Column { Column(.text, values.map { $0.map { .text($0) } ?? .null }) }
    return Table(
      schema: [
        Field("position", .integer), Field("source", .text), Field("target", .text), Field("paths", .integer),
      ],
      columns: [
        .integers(steps.map(\.position)), texts(steps.map(\.source)), texts(steps.map(\.target)),
        .integers(steps.map(\.paths)),
      ], kind: .paths)
  }

  @Test func pathsAreAsHighAsManyComeBy() {
    let table = paths([
      (1, "home", "item", 30), (1, "home", "<b>", 10), (1, "home", nil, 5), (2, "item", nil, 30),
      (2, "<b>", nil, 10),
    ])
    let drawing = Drawing(Chart.svg(.paths(of: table), id: "p"))
    #expect(drawing.isWellFormed)
    #expect(Set(drawing.texts).isSuperset(of: ["1", "2", "home", "45", "item", "30", "<b>", "10"]))
    #expect(drawing.texts.contains("Grey: paths that end there."))
    #expect(drawing.sentences.hasPrefix("Flow of paths by position, 2 positions. 1: home to item, 30."))
    // Two bands; three bars, and the stub of those that end at home.
    #expect(drawing.elements["path"] == 2)
    #expect(drawing.elements["rect"] == 4)
  }

  @Test func pathsThatLeadUpAreDrawnToTheirEnd() {
    let table = paths([(-2, nil, "home", 3), (-1, "home", "buy", 3), (-1, nil, "buy", 4)])
    let drawing = Drawing(Chart.svg(.paths(of: table), id: "p"))
    #expect(Set(drawing.texts).isSuperset(of: ["−1", "0", "home", "3", "buy", "7"]))
    #expect(drawing.texts.contains("Grey: paths that begin there."))
  }

  /// An event that is called like the others together is another one than they.
  @Test func manyEventsAreTheLargestAndTheOthers() {
    let steps = (1...40).map { number in
      (
        position: Int64(1), source: Optional("home"), target: Optional("e\(number)"),
        paths: Int64(100 - number)
      )
    }
    let others = [
      (position: Int64(1), source: Optional("home"), target: Optional("(35 others)"), paths: Int64(900))
    ]
    let drawing = Drawing(Chart.svg(.paths(of: paths(steps + others)), id: "p"))
    #expect(drawing.texts.filter { $0 == "(35 others)" }.count == 2)
    #expect(drawing.texts.contains("e5"))
    #expect(!drawing.texts.contains("e6"))
    #expect(drawing.texts.contains("2,695"))
    #expect(drawing.elements["path"] == 7)
  }

  @Test func positionsBeyondTheWidthAreLeftOut() {
    let steps = (1...20).map { position in
      (
        position: Int64(position), source: Optional("a"), target: Optional(position == 20 ? "b" : "a"),
        paths: Int64(1)
      )
    }
    let wide = Drawing(Chart.svg(.paths(of: paths(steps)), id: "p"))
    #expect(wide.texts.contains("The first 5 of 21 positions are drawn."))
    let narrow = Drawing(Chart.svg(.paths(of: paths(steps)), id: "p", size: .narrow))
    #expect(narrow.texts.contains("The first 3 of 21 positions are drawn."))
    #expect(Drawing(Chart.svg(.paths(of: paths([])), id: "p")).texts == ["No data"])
  }
}
