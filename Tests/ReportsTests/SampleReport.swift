import Diagnostics
import TestSupport
import Values

@testable import Documents
@testable import Reports

/// A report with everything that a page can show, as a product team would write it.
enum SampleReport {
  static let report = make()

  private static func make() -> Report {
    var builder = DocumentBuilder()
    builder.frontMatter.title = "Is a reminder on the buy page worth building?"
    builder.frontMatter.description =
      "Half of our first-time visitors leave the buy page undecided. We sized the chance, tested two reminders, "
      + "and know what to do."
    builder.frontMatter.author = "Growth"
    builder.frontMatter.date = "2026-03-02"
    builder.footnotes = [
      Footnote(
        label: "windows", number: 1, references: 2,
        body: [.paragraph([.text("A visitor counts once their 14 days have passed.")])])
    ]
    var results: [BlockResult] = []
    var inline: [InlineResult] = []

    let eligible = builder.inline("eligible_weekly")
    inline.append(.value(.scalar(.integer(70_390))))
    let rate = builder.inline("baseline")
    inline.append(.value(.scalar(.double(0.0252), .percent(decimals: 1))))
    builder.add(
      .heading(level: 2, id: "the-chance", [.text("The chance")]),
      .paragraph([
        .text("Each week "), eligible,
        .text(" visitors see the buy page who have never bought anything. Only "),
        rate, .text(" of them buy within fourteen days"),
        .footnoteReference(label: "windows", number: 1, occurrence: 1),
        .text(". A visitor who leaves is rarely seen again, so what the page says when they hesitate "),
        .emphasis([.text("matters")]), .text(" more than what any later message says."),
      ]))
    builder.block(
      .compute, options: ["key": nil],
      code: """
        let eligible_weekly = eligible.users            -- first-time visitors
        let baseline = first_purchase[step = 'purchased'].rate
        let weeks = ceil(design.total / eligible_weekly)
        let extra_revenue = money(12 * 4 * eligible_weekly * 0.004 * 31, 'USD')
        """)
    results.append(
      .values([
        NamedValue("eligible_weekly", .scalar(.integer(70_390))),
        NamedValue("baseline", .scalar(.double(0.0252), .percent(decimals: 1))),
        NamedValue("weeks", .scalar(.integer(4))),
        NamedValue("extra_revenue", .scalar(.double(418_959), .money(currency: "USD"))),
      ]))

    builder.add(
      .heading(level: 3, id: "where-they-leave", [.text("Where they leave")]),
      .paragraph([
        .text("The funnel is narrow at one place: between the cart and the purchase, and "),
        .link(destination: "https://example.com/research", title: nil, [.text("our interviews")]),
        .text(" say why: price, delivery, and trust, in "), .code("referrer"), .text(" order."),
      ]))
    builder.block(
      .query, "first_purchase", options: ["caption": "First purchases by step and country"],
      code: """
        from events
        |> where event = 'buy_page_viewed' and count_if(event = 'purchase') over prior = 0
        |> funnel event = 'product_viewed' as viewed,
                  event = 'cart_added'     as added
           within 7 days
           group by country
        """)
    let countries = ["Argentina", "Brazil", "Canada", "Denmark", "Estonia", "Finland", "Germany", "Hungary"]
    let rows = (0..<26).map { index -> [Scalar] in
      let users = Int64(38_412 / (index + 1))
      return [
        .text("\(countries[index % countries.count])\(index < 8 ? "" : " \(index / 8 + 1)")"),
        .integer(users),
        .integer(users / 4), .double(Double(users % 97) / 97), .double(12.5 * Double(index % 5) - 20.25),
        .date(20_458 + Int64(index) * 7), index == 3 ? .null : .duration(Int64(index) * 5_400_000_000),
      ]
    }
    results.append(
      .table(
        Table(
          [
            Field("country", .text), Field("viewed", .integer), Field("added", .integer),
            Field("rate", .double, display: .percent(decimals: 1)), Field("change", .double),
            Field("first_week", .date), Field("time_to_purchase", .duration),
          ], rows: rows)))

    builder.add(
      .paragraph([
        .text(
          "Both reminders move people, and the video moves them most. The difference is there from the second "
        ),
        .text("week on and does not fade, which speaks against mere novelty."),
      ]))
    builder.block(
      .chart, options: ["caption": "Twelve weeks to 30 March; the band is the 95 % interval."],
      code: "line(weekly, x => week, y => rate, color => variant, title => 'The video keeps its lead')")
    results.append(.figure(figure))

    builder.add(
      .heading(level: 2, id: "the-test", [.text("The test, and whether to believe it")]),
      .callout(
        .note,
        [
          .paragraph([
            .text("All conditions were written before the data was in. "), .strong([.text("None")]),
            .text(" has been changed since."),
          ])
        ]),
      .list(
        List(
          start: nil, isTight: true,
          items: [
            List.Item(isDone: true, body: [.paragraph([.text("Assignment agrees with the hash")])]),
            List.Item(isDone: true, body: [.paragraph([.text("Sample ratio is as designed")])]),
            List.Item(isDone: false, body: [.paragraph([.text("Long-term holdout is read")])]),
          ])))
    builder.block(
      .expect,
      code: """
        education.srm.p > 0.001, 'the sample ratio is as designed'
        education.mismatched < 0.1%
        """)
    results.append(
      .expectations([
        Expectation(
          "education.srm.p > 0.001", .passed, message: "the sample ratio is as designed",
          findings: ["0.4127 > 0.001"]),
        Expectation("education.mismatched < 0.1%", .passed, findings: ["0.0% < 0.1%"]),
      ]))
    builder.add(
      .math(
        Math(
          tex: #"n = \frac{(z_{1-\alpha/2} + z_{\pi})^2}{d^2}"#,
          mathML:
            "<math display=\"block\"><mi>n</mi><mo>=</mo><mfrac><msup><mrow><mo>(</mo><msub><mi>z</mi><mi>α</mi></msub>"
            + "<mo>+</mo><msub><mi>z</mi><mi>π</mi></msub><mo>)</mo></mrow><mn>2</mn></msup>"
            + "<msup><mi>d</mi><mn>2</mn></msup></mfrac></math>")),
      .paragraph([
        .text("Where "), .math(Math(tex: #"\mathcal{X}_d"#, mathML: nil)),
        .text(" is the difference to be detected"),
        .footnoteReference(label: "windows", number: 1, occurrence: 2),
        .text("."),
      ]),
      .quotation([.paragraph([.text("I only wanted to know what delivery costs.")])]),
      .table(
        MarkupTable(
          alignments: [.left, .right],
          header: [[.text("Variant")], [.text("Share")]],
          rows: [[[.text("control")], [.text("50%")]], [[.text("video")], [.text("25%")]]])))
    builder.add(
      .heading(level: 2, id: "the-decision", [.text("The decision")]))
    builder.block(
      .decide,
      code: """
        ship 'the video to every first-time visitor'
          when education.converted[variant = 'video'].lift.low > 0 and education.refunded[variant = 'video'].safe
        stop when education.converted[variant = 'video'].lift.high < 1%
        otherwise continue 'two more weeks'
        """)
    let low = Value.scalar(.double(0.021), .percent(decimals: 1))
    results.append(
      .decision(
        Decision(
          recommendations: [
            .init(
              verb: "ship", text: "the video to every first-time visitor",
              conditions: [
                .init("education.converted[variant = 'video'].lift.low > 0", value: low, holds: true),
                .init(
                  "education.refunded[variant = 'video'].safe", value: .scalar(.boolean(true)), holds: true),
              ]),
            .init(
              verb: "stop",
              conditions: [
                .init(
                  "education.converted[variant = 'video'].lift.high < 1%",
                  value: .scalar(.double(0.087), .percent(decimals: 1)), holds: false)
              ]),
            .init(verb: "continue", text: "two more weeks"),
          ], chosen: 0)))
    builder.add(
      .heading(level: 2, id: "what-is-missing", [.text("What is missing")]),
      .paragraph([.text("One query is not right yet, and says so.")]))
    builder.block(.query, "by_country", code: "from events\n|> aggregate count(*) group by contry")
    let start = builder.blocks.last?.body.source(43) ?? 0
    results.append(
      .failed([
        Diagnostic(
          id: "no-column", "no column named 'contry'", at: SourceRange(start, start + 6),
          label: "not among the columns here",
          notes: ["the columns here are 'country', 'event', 'ts', 'user_id'"],
          hints: ["did you mean 'country'?"])
      ]))
    builder.block(.chart, "countries", code: "bar(by_country, x => country)")
    results.append(.notRun(reason: "'by_country' has no value"))
    builder.add(.code(language: "swift", "let answer = 42 // typed\nprint(\"shipped \\(answer)\")"))

    return Report(
      document: builder.build(), results: results, inlineResults: inline,
      provenance: Provenance(
        sources: [
          .init(
            name: "shop", fingerprint: "sha256:9c0f1d0a4b7e", rows: 20_000_000, entities: 800_000,
            times: 1_764_547_200_000_000...1_772_323_199_000_000)
        ], parameters: [.init("country", "null")], documentHash: "sha256:52aa1b09c3de", toolVersion: "0.1.0",
        semanticVersion: "1"))
  }

  private static var figure: Figure {
    let weeks = (0..<24).map { Scalar.date(20_458 + Int64($0 % 12) * 7) }
    let rates = (0..<24).map { Scalar.double(0.02 + 0.0005 * Double($0 % 12) + ($0 < 12 ? 0 : 0.004)) }
    let variants = (0..<24).map { Scalar.text($0 < 12 ? "control" : "video") }
    return Figure(
      layers: [
        Layer(
          .line, x: .init(name: "week", column: Column(.date, weeks)),
          y: .init(name: "rate", column: Column(.double, rates), display: .percent(decimals: 1)),
          color: .init(name: "variant", column: Column(.text, variants))),
        Layer(
          .rule,
          y: .init(
            name: "baseline", column: Column(.double, [.double(0.0252)]), display: .percent(decimals: 1))),
      ], title: "The video keeps its lead", subtitle: "Share of first-time visitors who buy within 14 days")
  }

  /// A drawing that uses the colours that a page gives to charts.
  static func drawing(_ figure: Figure, _ id: String) -> String {
    let lines = (1...8).map { series in
      let y = 30 * series
      return
        "<path d=\"M60 \(y + 40)L660 \(y)\" fill=\"none\" stroke=\"var(--series-\(series))\" stroke-width=\"2.5\"/>"
    }
    return """
      <svg id="\(id)" viewBox="0 0 680 300" role="img" aria-label="A chart">
      <path d="M60 20V280H660" fill="none" stroke="var(--chart-axis)"/>
      <path d="M60 150H660" stroke="var(--chart-grid)"/>
      \(lines.joined(separator: "\n"))
      <text x="10" y="150" font-size="13" fill="var(--chart-muted)">4%</text>
      <text x="60" y="298" font-size="13" fill="var(--chart-text)">January</text>
      </svg>
      """
  }
}
