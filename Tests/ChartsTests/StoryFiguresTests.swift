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
    #expect(drawing.texts.contains("–"))
    #expect(Figure.funnel(of: table).layers.first?.color?.name == "country")
  }

  @Test func aFunnelOfAttemptsCountsThem() {
    var table = funnel()
    table.schema[table.schema.position(of: "entities") ?? 0].name = "attempts"
    #expect(Drawing(Chart.svg(.funnel(of: table), id: "f")).texts.contains("2,000  ·  100.0%"))
    table = funnel(by: [.text("DE"), .text("DE"), .null])
    table.schema[table.schema.position(of: "entities") ?? 0].name = "attempts"
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

  @Test func aCohortOfWhichNothingIsKnownYetIsNotOfNobody() {
    var table = retention()
    table.columns[2] = Column(.integer, [.integer(100), .integer(100), .integer(0), .integer(0)])
    table.columns[3] = Column(.integer, [.integer(100), .integer(40), .null, .null])
    table.columns[4] = Column(.double, [.double(1), .double(0.4), .null, .null])
    let drawing = Drawing(Chart.svg(.retention(of: table), id: "r"))
    #expect(drawing.texts.contains("9 Mar 2026"))
    #expect(!drawing.texts.contains { $0.contains("(0)") })
  }

  private func activity(groups: [Scalar]? = nil, isFull: [Bool]) -> Table {
    var schema = [
      Field("period", .date), Field("active", .integer), Field("in_window", .integer),
      Field("stickiness", .double), Field("full_window", .boolean),
    ]
    var columns = [
      Column(.date, days(from: 2026, 3, 2, count: 4)),
      Column(.integer, [.integer(3), .integer(4), .integer(5), .null]),
      Column(.integer, [.integer(3), .integer(6), .integer(9), .null]),
      Column(.double, [.double(1), .double(0.5), .double(0.6), .null]),
      Column(.boolean, isFull.map { .boolean($0) }),
    ]
    if let groups {
      schema.insert(Field("country", .text), at: 0)
      columns.insert(Column(.text, groups), at: 0)
    }
    return Table(schema: schema, columns: columns, kind: .activity)
  }

  @Test func activityLeavesOutWindowsThatBeginBeforeTheLog() {
    let figure = Figure.activity(of: activity(isFull: [false, false, true, false]))
    #expect(figure.layers.map { $0.y?.name } == ["active", "in_window"])
    #expect(figure.layers[0].y?.column.scalars == [.integer(3), .integer(4), .integer(5), .null])
    #expect(figure.layers[1].y?.column.scalars == [.null, .null, .integer(9), .null])
    #expect(figure.subtitle == "Left out: 2 periods whose window begins before the log")
    let drawing = Drawing(Chart.svg(figure, id: "a"))
    #expect(drawing.isWellFormed)
    #expect(drawing.texts.contains("in window"))
    #expect(Figure.activity(of: activity(isFull: [true, true, true, false])).subtitle == nil)
  }

  @Test func activityByGroupsHasALineForEach() {
    let table = activity(
      groups: [.text("DE"), .text("DE"), .null, .null], isFull: [true, true, true, false])
    let figure = Figure.activity(of: table)
    #expect(figure.layers.count == 1)
    #expect(figure.layers[0].y?.name == "in_window")
    #expect(figure.layers[0].color?.name == "country")
    #expect(Drawing(Chart.svg(figure, id: "a")).isWellFormed)
  }

  @Test func activityOfPeriodsAloneSaysWhichBeginsBeforeTheLog() {
    var table = activity(isFull: [false, true, true, false])
    table.schema.removeSubrange(2...3)
    table.columns.removeSubrange(2...3)
    let figure = Figure.activity(of: table)
    #expect(figure.layers.map { $0.y?.name } == ["active"])
    #expect(figure.subtitle == "Left out: 1 period that begins before the log")
  }

  private func lifecycle(by country: [Scalar]? = nil) -> Table {
    let counts: [[Int64?]] = [
      [3, 4, 2, nil], [3, 1, 0, nil], [0, 2, 2, nil], [0, 1, 0, nil], [0, 1, 2, nil],
    ]
    let names = ["active", "new", "returning", "resurrected", "dormant"]
    let groups = country.map { [(Field("country", .text), Column(.text, $0))] } ?? []
    return Table(
      schema: groups.map(\.0) + [Field("period", .date)] + names.map { Field($0, .integer) },
      columns: groups.map(\.1) + [Column(.date, days(from: 2026, 3, 2, count: 4))]
        + counts.map { Column(.integer, $0.map { $0.map { .integer($0) } ?? .null }) }, kind: .lifecycle)
  }

  @Test func aLifeCycleStacksTheActiveAndHangsTheDormantBelowThem() {
    let figure = Figure.lifecycle(of: lifecycle())
    let layer = figure.layers[0]
    #expect(layer.isStacked)
    let kinds = ["new", "returning", "resurrected", "dormant"].flatMap {
      [Scalar](repeating: .text($0), count: 4)
    }
    #expect(layer.color?.column.scalars == kinds)
    #expect(
      layer.y?.column.scalars
        == [3, 1, 0, nil, 0, 2, 2, nil, 0, 1, 0, nil, 0, -1, -2, nil].map { $0.map { .double($0) } ?? .null })
    let drawing = Drawing(Chart.svg(figure, id: "l"))
    #expect(drawing.isWellFormed)
    #expect(drawing.texts.contains("dormant"))
  }

  @Test func aLifeCycleByGroupsIsALineForEach() {
    let groups: [Scalar] = [.text("DE"), .text("DE"), .text("FR"), .text("FR")]
    let figure = Figure.lifecycle(of: lifecycle(by: groups))
    #expect(figure.layers.map(\.mark) == [.line])
    #expect(figure.layers[0].color?.column.scalars == groups)
    #expect(figure.layers[0].y?.column.scalars == [.integer(3), .integer(4), .integer(2), .null])
    let drawing = Drawing(Chart.svg(figure, id: "l"))
    #expect(drawing.isWellFormed)
    #expect(drawing.texts.contains("DE") && drawing.texts.contains("FR"))
  }

  private func attribution(by country: [Scalar]? = nil) -> Table {
    var schema = [
      Field("channel", .text), Field("conversions", .double), Field("share", .double),
      Field("touches", .integer), Field("revenue", .double),
    ]
    var columns = [
      Column(.text, [.text("(none)"), .text("ads"), .null]),
      Column(.double, [.double(2), .double(1.5), .double(0.5)]),
      Column(.double, [.double(0.5), .double(0.375), .double(0.125)]),
      Column(.integer, [.integer(0), .integer(3), .integer(1)]),
      Column(.double, [.double(20), .double(15), .double(5)]),
    ]
    if let country {
      schema.insert(Field("country", .text), at: 0)
      columns.insert(Column(.text, country), at: 0)
    }
    return Table(schema: schema, columns: columns, kind: .attribution)
  }

  @Test func attributionIsABarForEachValue() {
    let figure = Figure.attribution(of: attribution())
    #expect(figure.layers[0].x?.name == "conversions")
    #expect(figure.layers[0].y?.column.scalars == [.text("(none)"), .text("ads"), .text("–")])
    #expect(figure.layers[0].color == nil)
    let drawing = Drawing(Chart.svg(figure, id: "a"))
    #expect(drawing.isWellFormed)
    #expect(drawing.texts.contains("–"))
    let grouped = Figure.attribution(of: attribution(by: [.text("DE"), .text("DE"), .text("FR")]))
    #expect(grouped.layers[0].color?.name == "country")
    #expect(grouped.layers[0].isStacked)
  }

  @Test func operatorsWithoutRowsGiveNoMarks() {
    let empty = [activity(isFull: [true, true, true, true]), lifecycle(), attribution()].map {
      $0.gathered([])
    }
    for figure in [Figure.activity(of: empty[0]), .lifecycle(of: empty[1]), .attribution(of: empty[2])] {
      #expect(Drawing(Chart.svg(figure, id: "e")).texts == ["No data"])
    }
    let none = Table(schema: [], columns: [])
    for figure in [Figure.activity(of: none), .lifecycle(of: none), .attribution(of: none)] {
      #expect(Drawing(Chart.svg(figure, id: "e")).texts == ["No data"])
    }
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
