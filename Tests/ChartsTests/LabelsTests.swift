import TestSupport
import Testing
import Values

@testable import Charts

/// How labels are shortened, broken and placed.
@Suite struct LabelsTests {
  private static let plans = [
    "Premium subscribers in the north-western region, annual billing",
    "Premium subscribers in the north-western region, monthly billing",
    "checkout_started_with_saved_payment_method_a", "checkout_started_with_saved_payment_method_b",
    "/products/category/kitchen-appliances/coffee-machines/espresso/item-10023",
    "משתמשי אפליקציה בירושלים במסלול השנתי המורחב", "משתמשי אפליקציה בירושלים במסלול החודשי המורחב",
    "مستخدمو تطبيق الهاتف المحمول في المنطقة الشمالية", "home",
  ]

  @Test(arguments: [60.0, 90, 120, 200, 300, 1000])
  func shortenedNamesStayDistinctAndFit(_ limit: Double) {
    let names = LabelsTests.plans.map(ChartText.clean)
    let cut = ChartText.shortened(names, to: limit, size: 13)
    #expect(Set(cut).count == names.count)
    for (name, cut) in zip(names, cut) {
      #expect(ChartText.width(cut, size: 13) <= limit)
      #expect(cut == name || cut.contains("…"))
      #expect(Isolation.remainder(of: cut).isEmpty)
    }
  }

  @Test func randomNamesStayDistinct() {
    var random = FixedRandom(seed: 3)
    for _ in 0..<300 {
      let names = (0..<12).map { _ in
        (0..<Int.random(in: 1...8, using: &random)).map { _ in
          ["same ", "other_", "a", "9", "שלום "].randomElement(using: &random) ?? ""
        }.joined()
      }.map(ChartText.clean)
      let cut = ChartText.shortened(names, to: 110, size: 13)
      #expect(cut.allSatisfy { ChartText.width($0, size: 13) <= 110 })
      #expect(Set(cut).count == Set(names).count, "\(names) \(cut)")
    }
  }

  @Test func whatTellsNamesApartBeginsAtAWord() {
    let cut = ChartText.shortened(LabelsTests.plans, to: 220, size: 13)
    #expect(cut[0].hasSuffix("…annual billing"))
    #expect(cut[1].hasSuffix("…monthly billing"))
    #expect(cut[2].hasSuffix("…method_a"))
    #expect(cut[8] == "home")
  }

  @Test func namesInPartsKeepTheLastOne() {
    let names = ["a very long name of a group A", "a very long name of a group B"].flatMap { group in
      ["1 Mar (5)", "1 Apr (12,000)"].map { group + ChartText.joint + $0 }
    }
    let cut = ChartText.shortened(names, to: 190, size: 13)
    #expect(Set(cut).count == 4)
    #expect(cut[0].hasSuffix(" · 1 Mar (5)") && cut[3].hasSuffix("B · 1 Apr (12,000)"))
  }

  @Test func linesBreakWithinWordsThatAreTooLong() {
    let lines = ChartText.wrapped("/products/category/kitchen/coffee", to: 120, size: 13, lines: 3)
    #expect(lines == ["/products/", "category/kitchen/", "coffee"])
    #expect(ChartText.wrapped("one two", to: 1000, size: 13, lines: 2) == ["one two"])
    #expect(ChartText.wrapped("", to: 10, size: 13, lines: 2) == [])
    // Each line of what is isolated is isolated.
    let hebrew = ChartText.wrapped(ChartText.clean("משתמשי אפליקציה בירושלים"), to: 120, size: 13, lines: 2)
    #expect(hebrew.count == 2)
    #expect(hebrew.allSatisfy { $0.hasPrefix("\u{2068}") && $0.hasSuffix("\u{2069}") })
  }

  @Test func partsOfANameAreIsolatedFromEachOther() {
    let hebrew = "\u{2068}שלום\u{2069}"
    let table = Table(
      [
        Field("step", .text), Field("entities", .integer), Field("rate", .double), Field("g", .text),
        Field("h", .text),
      ],
      rows: [
        [.text("a"), .integer(3), .double(1), .text("שלום"), .text("web")],
        [.text("a"), .integer(2), .double(1), .text("web"), .text("שלום (5)")],
      ])
    let svg = Chart.svg(.funnel(of: table), id: "f")
    #expect(Drawing(svg).texts.contains("\(hebrew), web"))
    #expect(Drawing(svg).texts.contains("web, \u{2068}שלום (5)\u{2069}"))
  }

  private static let names = plans.map { Scalar.text($0) }
  private static let name = channel("a name of an axis that is longer than a phone is wide", .text, names)
  private static let number = channel(
    "n", .double, plans.indices.map { .double(Double($0 * 7_654_321 + 1) * 1234.5) },
    display: .money(currency: "EUR"))

  /// Five long names beside each other.
  private static let grid: Figure = {
    let rows = (0..<5).flatMap { plan in (0..<4).map { (plan, $0) } }
    return Figure(layers: [
      Layer(
        .heatmap, x: channel("plan", .text, rows.map { names[$0.0] }),
        y: channel("day", .date, rows.map { .date(20_000 + Int64($0.1) * 7) }),
        color: channel("v", .double, rows.map { .double(Double($0.0 * 1000 + $0.1)) }))
    ])
  }()

  private static let funnel = Figure(layers: [
    Layer(
      .funnel, x: number, y: name,
      label: channel(
        "note", .text,
        plans.map { _ in .text("↑ 75.6% of the step before, median 3 days 10 h 24 min and 12 s") }))
  ])

  /// Figures of every kind with names and numbers that are far too long for a phone.
  private static let crowded: [Figure] = {
    let (colors, dates, values) = (grid.layers[0].x, grid.layers[0].y, grid.layers[0].color)
    return [
      Figure(layers: [Layer(.bar, x: name, y: number)]), Figure(layers: [Layer(.bar, x: number, y: name)]),
      Figure(layers: [Layer(.bar, x: number, y: name, label: name)]),
      Figure(layers: [Layer(.bar, x: dates, y: values, label: colors)]),
      Figure(layers: [Layer(.interval, x: name, y: number, low: number, high: number)]),
      Figure(layers: [Layer(.line, x: name, y: number), Layer(.point, x: name, y: number)]),
      Figure(layers: [Layer(.point, x: number, y: number, label: name)]),
      Figure(layers: [Layer(.line, x: dates, y: values, color: colors)]),
      Figure(layers: [Layer(.area, x: dates, y: values, color: colors)]),
      grid,
      Figure(layers: [Layer(.heatmap, x: dates, y: colors, color: values)]),
      funnel,
      Figure(layers: [
        Layer(.interval, x: number, y: name, low: number, high: number, label: name),
        Layer(.rule, x: channel("x", .double, [.double(1)]), label: channel("l", .text, [names[0]])),
      ]),
      Figure(layers: [
        Layer(
          .flow, x: channel("position", .integer, names.map { _ in .integer(1) }),
          y: channel("paths", .integer, names.map { _ in .integer(123_456_789) }),
          source: channel("source", .text, names),
          target: channel("target", .text, names.reversed()))
      ]),
    ]
  }()

  @Test(arguments: crowded.indices, ChartSize.allCases)
  func noTextLeavesTheDrawing(_ index: Int, _ size: ChartSize) {
    let drawing = Drawing(Chart.svg(LabelsTests.crowded[index], id: "a", size: size))
    #expect(!drawing.labels.isEmpty)
    for label in drawing.labels {
      let width = ChartText.width(label.text, size: label.isSlanted ? 13 * 0.707 : 13)
      let left =
        switch label.anchor {
        case "end": label.x - width
        case "middle": label.x - width / 2
        default: label.x
        }
      #expect(left >= -1 && left + width <= size.width + 1, "\(label)")
    }
  }

  @Test(arguments: ChartSize.allCases) func allNamesAboveAGridAreShown(_ size: ChartSize) {
    let drawing = Drawing(Chart.svg(LabelsTests.grid, id: "a", size: size))
    #expect(Set(drawing.texts.filter { $0.contains("…") }).count == 5)
    #expect(drawing.labels.count { $0.isSlanted } == (size == .narrow ? 5 : 0))
  }

  @Test func namesOfColumnsAreWrittenAsWords() {
    let numbers = channel("paid_orders", .integer, [.integer(1), .integer(2)])
    let texts = channel("sales_region", .text, [.text("north_east"), .text("south")])
    let drawing = Drawing(Chart.svg(Figure(layers: [Layer(.bar, x: texts, y: numbers)]), id: "a"))
    #expect(drawing.title == "paid orders by sales region")
    #expect(drawing.texts.contains("paid orders") && drawing.texts.contains("north_east"))
  }

  @Test func aNoteThatIsTooLongBreaksAfterItsComma() {
    let texts = Drawing(Chart.svg(LabelsTests.funnel, id: "a", size: .narrow)).texts
    #expect(texts.contains { $0.hasPrefix("↑ 75.6% of the") })
    #expect(texts.contains { $0.hasPrefix("median 3 days") })
  }

  @Test func aShortAxisOfTimeStillHasTwoTimes() {
    let months = (0..<15).map { Scalar.date(Calendar.day(year: 2025, month: Int64($0 + 1), day: 1)) }
    let figure = Figure(layers: [
      Layer(
        .line, x: channel("m", .date, months),
        y: channel("v", .double, months.indices.map { .double(Double($0) * 1e7) }),
        color: channel("g", .text, months.indices.map { .text($0 < 8 ? "growing" : "falling") }))
    ])
    let texts = Drawing(Chart.svg(figure, id: "a", size: .narrow)).texts
    #expect(texts.contains("2025") && texts.contains("2026"))
  }
}
