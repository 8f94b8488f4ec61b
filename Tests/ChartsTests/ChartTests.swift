import Charts
import Testing
import Values

@Suite struct ChartTests {
  private let weeks = days(from: 2026, 3, 2, count: 52, apart: 7)

  private func line(_ values: [Scalar], type: ScalarType = .double) -> Figure {
    Figure(layers: [Layer(.line, x: channel("week", .date, weeks), y: channel("users", type, values))])
  }

  @Test func aLineIsOneSmallAccessibleElement() {
    let svg = Chart.svg(line((0..<52).map { .integer(1000 + $0 * 37 % 400) }, type: .integer), id: "users")
    let drawing = Drawing(svg)
    #expect(drawing.isWellFormed)
    #expect(svg.hasPrefix("<svg "))
    #expect(svg.utf8.count < 4000)
    #expect(svg.contains(#"role="img" aria-labelledby="users-title users-desc""#))
    #expect(drawing.title == "users by week")
    #expect(
      drawing.sentences
        == "Line of users by week, from 2 Mar 2026 to 22 Feb 2027. "
        + "users: lowest 1,000 (2 Mar 2026), highest 1,391 (28 Dec 2026), last 1,287.")
    #expect(drawing.ids.allSatisfy { $0.hasPrefix("users") })
  }

  @Test func theSameFigureGivesTheSameBytes() {
    let names = (0..<600).map { Scalar.text("g\($0 % 6)") }
    let figure = Figure(layers: [
      Layer(
        .line, x: channel("week", .date, (0..<600).map { weeks[$0 / 6 % 52] }),
        y: channel("users", .double, (0..<600).map { .double(Double($0 * 7919 % 101)) }),
        color: channel("group", .text, names))
    ])
    let first = Chart.svg(figure, id: "a")
    for _ in 0..<5 { #expect(Chart.svg(figure, id: "a") == first) }
  }

  @Test func nullsBreakALine() {
    let svg = Chart.svg(line((0..<52).map { $0 == 20 ? .null : .double(Double($0)) }), id: "a")
    let path = svg.components(between: "<path d=\"", and: "\"").first { $0.filter { $0 == "L" }.count > 20 }
    #expect(path?.filter { $0 == "M" }.count == 2)
  }

  @Test(arguments: [[Scalar](), [.null, .null], [.double(.nan), .double(.infinity)]])
  func nothingToDrawIsSaid(values: [Scalar]) {
    for mark in Layer.Mark.allCases {
      let y = channel("y", .double, values)
      let figure = Figure(layers: [Layer(mark, x: y, y: y, low: y, high: y, color: y)], title: "Empty")
      let drawing = Drawing(Chart.svg(figure, id: "a"))
      #expect(drawing.isWellFormed)
      #expect(drawing.texts.contains("No data"), "\(mark)")
      #expect(drawing.title == "Empty")
    }
    #expect(Drawing(Chart.svg(Figure(layers: []), id: "a")).texts == ["No data"])
  }

  @Test(arguments: ChartSize.allCases) func datesAboveAGridAreLeftOutAndNotCut(_ size: ChartSize) {
    let dates = days(from: 2026, 1, 1, count: 19)
    let figure = Figure(layers: [
      Layer(
        .heatmap, x: channel("day", .date, dates),
        y: channel("platform", .text, dates.map { _ in .text("web") }),
        color: channel("n", .integer, dates.map { _ in .integer(7) }))
    ])
    let texts = Drawing(Chart.svg(figure, id: "a", size: size)).texts.filter { $0.contains("Jan") }
    #expect(texts.count > 1)
    #expect(texts.allSatisfy { $0.hasSuffix(" Jan 2026") })
  }

  @Test func valuesThatAreNotFiniteAreCounted() {
    let drawing = Drawing(
      Chart.svg(line([.double(1), .double(.nan), .double(.infinity), .double(2)]), id: "a"))
    #expect(drawing.texts.contains("2 values are not finite and not drawn."))
    #expect(drawing.sentences.contains("highest 2"))
  }

  @Test func onePointAndEqualValuesAreDrawn() {
    let one = Figure(layers: [
      Layer(.line, x: channel("d", .date, [weeks[0]]), y: channel("n", .integer, [.integer(5)]))
    ])
    #expect(Drawing(Chart.svg(one, id: "a")).elements["circle"] == 1)
    let equal = Drawing(Chart.svg(line(weeks.map { _ in .double(0) }), id: "a"))
    #expect(equal.isWellFormed)
    #expect(equal.numbers.allSatisfy { $0.isFinite })
  }

  @Test func hostileTextsStayTexts() {
    let names = [
      "</text><script>alert(1)</script>", "\"&'<!--", "\u{202E}gpj.exe", "a\u{0}b\u{1B}[0m\u{FFFE}",
      "\u{5E9}\u{5DC}",
    ]
    let figure = Figure(
      layers: [
        Layer(
          .bar, x: channel("n<", .integer, names.map { _ in .integer(3) }),
          y: channel("]]>", .text, names.map { .text($0) }))
      ], title: "<b onload='x'>\u{2067}", subtitle: "a\nb", xLabel: "\u{202E}<")
    let svg = Chart.svg(figure, id: "x\" onload=\"alert(1)")
    let drawing = Drawing(svg)
    #expect(drawing.isWellFormed)
    #expect(drawing.elements["script"] == nil)
    #expect(drawing.elements["b"] == nil)
    #expect(!drawing.attributes.contains("onload"))
    #expect(drawing.ids.first == "x--onload--alert-1-")
    #expect(drawing.texts.contains { $0.contains("gpj.exe") })
    #expect(!svg.unicodeScalars.contains { (0x202A...0x202E).contains($0.value) })
    #expect(drawing.texts.contains("\u{2068}\u{5E9}\u{5DC}\u{2069}"))
  }

  @Test func longNamesAreListedAndCut() {
    let long = String(repeating: "very long name ", count: 20)
    let figure = Figure(layers: [
      Layer(
        .bar, x: channel("page", .text, [.text(long), .text("home")]),
        y: channel("views", .integer, [.integer(1), .integer(2)]))
    ])
    let svg = Chart.svg(figure, id: "a")
    #expect(Drawing(svg).texts.contains { $0.hasSuffix("…") })
    #expect(svg.contains("<title>very long name very long name"))
  }

  @Test func ofTwoHundredCategoriesTheLargestAreDrawn() {
    let figure = Figure(layers: [
      Layer(
        .bar, x: channel("city", .text, (0..<200).map { .text("c\($0)") }),
        y: channel("n", .integer, (0..<200).map { .integer($0) }))
    ])
    let drawing = Drawing(Chart.svg(figure, id: "a"))
    #expect(drawing.texts.contains("The 40 largest of 200 are drawn."))
    #expect(drawing.texts.contains("c199"))
    #expect(!drawing.texts.contains("c100"))
    #expect(drawing.sentences.hasSuffix("The 40 largest of 200 are drawn."))
  }

  @Test func tenThousandPointsStaySmall() {
    let numbers = (0..<10_000).map { Scalar.double(Double($0 * 7919 % 10_007)) }
    let x = channel("x", .integer, (0..<10_000).map { .integer($0) })
    for mark in [Layer.Mark.line, .area, .point, .histogram] {
      let svg = Chart.svg(Figure(layers: [Layer(mark, x: x, y: channel("y", .double, numbers))]), id: "a")
      #expect(svg.utf8.count < 90_000, "\(mark)")
      #expect(Drawing(svg).isWellFormed)
    }
  }

  @Test func timesAreShownInTheFiguresZone() {
    let noon = Calendar.day(year: 2026, month: 7, day: 1) * Calendar.microsecondsPerDay
    let times = (0..<25).map { Scalar.timestamp(noon + Int64($0) * 3_600_000_000) }
    let layer = Layer(
      .line, x: channel("t", .timestamp, times),
      y: channel("n", .integer, times.indices.map { .integer(Int64($0)) }))
    let sentences = Drawing(Chart.svg(Figure(layers: [layer], timeZone: "Asia/Tokyo"), id: "a")).sentences
    #expect(sentences.contains("from 1 Jul 2026 09:00 to 2 Jul 2026 09:00"))
    let unknown = Drawing(Chart.svg(Figure(layers: [layer], timeZone: "Mars/Olympus"), id: "a")).sentences
    #expect(unknown.contains("from 1 Jul 2026 to 2 Jul 2026"))
  }

  @Test func colorsAreOnlyCustomProperties() {
    let svg = Chart.svg(line(weeks.map { _ in .double(1) }), id: "a")
    for value in svg.components(between: "fill=\"", and: "\"")
      + svg.components(between: "stroke=\"", and: "\"")
    {
      #expect(value == "none" || value.hasPrefix("var(--"), "\(value)")
    }
  }

  @Test func fewColorsAreNamedAtTheEndsAndManyInALegend() {
    func figure(_ count: Int) -> Figure {
      let rows = (0..<(count * 10)).map { ($0 / 10, $0 % 10) }
      return Figure(layers: [
        Layer(
          .line, x: channel("n", .integer, rows.map { .integer(Int64($0.1)) }),
          y: channel("v", .double, rows.map { .double(Double($0.0 * 10)) }),
          color: channel("g", .text, rows.map { .text("g\($0.0)") }))
      ])
    }
    #expect(Drawing(Chart.svg(figure(4), id: "a")).elements["circle"] == 4)
    #expect(!Chart.svg(figure(4), id: "a").contains("stroke-dasharray"))
    let many = Chart.svg(figure(12), id: "a")
    #expect(many.contains("stroke-dasharray"))
    #expect(Drawing(many).texts.contains("4 more"))
  }
}

extension String {
  /// The texts between all pairs of two marks.
  fileprivate func components(between start: String, and end: Character) -> [String] {
    var result: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: start) {
      rest = rest[range.upperBound...]
      result.append(String(rest.prefix { $0 != end }))
    }
    return result
  }
}
