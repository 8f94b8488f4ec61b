import Diagnostics
import Documents
import Values

extension Page {
  /// What a block gave, as its options want it shown, and how it was computed.
  mutating func result(ofBlock index: Int) -> HTML {
    let block = report.document.blocks[index]
    let problems = report.diagnostics(inBlock: index).map(diagnostic).joined()
    guard !block.has(.hide) else { return problems }
    let code = codeDetails(block)
    let shown: HTML
    switch report.results[index] {
    case .table(let table): shown = tableFigure(table, Naming(block), notes: code)
    case .figure(let figure): shown = chartFigure(figure, Naming(block), notes: code)
    case .values(let values): shown = valueList(values, in: block) + notes(code)
    case .expectations(let expectations): shown = expectationList(expectations) + notes(code)
    case .decision(let decision): shown = decisionList(decision) + notes(code)
    case .failed: return problems + notes(code)
    case .notRun(let reason):
      shown = "<p class=\"missing\">Not computed: \(reason).</p>\n" + notes(code)
    }
    guard block.has(.fold) else { return problems + shown }
    let summary = block.text(.caption) ?? block.name?.asLabel ?? "Result"
    return problems + "<details class=\"fold\">\n<summary>\(summary)</summary>\n\(shown)</details>\n"
  }

  private func notes(_ notes: HTML) -> HTML { "<div class=\"notes\">\n\(notes)</div>\n" }

  private func codeDetails(_ block: CodeBlock) -> HTML {
    let code = CodeHighlighting.html(block.body.text, language: block.kind.rawValue)
    let summary = block.kind == .data ? "The data as written" : "How this was computed"
    return """
      <details>
      <summary>\(summary)</summary>
      <pre class="code" tabindex="0"><code>\(code)</code></pre>
      </details>

      """
  }
}

// MARK: Tables and figures

/// What a table or a figure is called, and how much of it is shown.
private struct Naming {
  var name: String?
  var caption: String?
  var rowLimit: Int

  init(_ block: CodeBlock) {
    name = block.name
    caption = block.text(.caption)
    rowLimit = block.rowLimit
  }

  /// One of several values of a block, for all of which its caption is meant.
  init(_ value: NamedValue, in block: CodeBlock) {
    name = value.name
    rowLimit = block.rowLimit
  }
}

extension Page {
  private mutating func tableFigure(_ table: Table, _ naming: Naming, notes: HTML) -> HTML {
    tableCount += 1
    let number = tableCount
    let name = naming.name ?? "table-\(number)"
    let label = "Table \(number)"
    let caption = naming.caption ?? naming.name?.asLabel.capitalizedFirst ?? ""
    let id = identifiers.id("table", name)
    return """
      <figure class="table" id="\(exact: id)">
      <figcaption><span class="number">\(label).</span> <b>\(caption)</b></figcaption>
      \(grid(ShownTable(table, limit: naming.rowLimit, timeZone: report.timeZone), name: name, label: label))\
      <div class="notes">
      \(notes)</div>
      </figure>

      """
  }

  private mutating func chartFigure(_ figure: Figure, _ naming: Naming, notes: HTML) -> HTML {
    figureCount += 1
    let number = figureCount
    let name = naming.name ?? "figure-\(number)"
    let id = identifiers.id("figure", name)
    var untitled = figure
    untitled.title = nil
    untitled.subtitle = nil
    let drawing = HTML(trusted: drawFigure(untitled, identifiers.id("chart-\(number)")))
    return """
      <figure class="chart" id="\(exact: id)">
      <figcaption><span class="number">Figure \(number).</span> \(figureCaption(figure, naming))</figcaption>
      \(drawing)
      <div class="notes">
      \(dataDetails(figure, name: name, label: "Figure \(number)"))\(notes)</div>
      </figure>

      """
  }

  /// The figure's title, subtitle and caption; where it has no title the caption or the name stands in its
  /// place.
  private func figureCaption(_ figure: Figure, _ naming: Naming) -> HTML {
    let below = [figure.subtitle, figure.title == nil ? nil : naming.caption].compactMap(\.self)
    let title = figure.title ?? naming.caption ?? naming.name?.asLabel.capitalizedFirst ?? ""
    return "<b>\(title)</b>" + below.map { " <span class=\"subtitle\">\($0)</span>" }.joined()
  }

  /// How many rows behind a figure are shown.
  private static let figureRows = 200

  private mutating func dataDetails(_ figure: Figure, name: String, label: String) -> HTML {
    let tables = figure.tables
    guard !tables.isEmpty else { return "" }
    var html = HTML()
    for (index, part) in tables.enumerated() {
      let layer = tables.count > 1 ? "layer-\(index + 1)" : "data"
      let title = tables.count > 1 ? "Data of \(label), \(index + 1): \(part.name)" : "Data of \(label)"
      if tables.count > 1 { html += "<p class=\"layer\">\(part.name.capitalizedFirst)</p>\n" }
      html += grid(
        ShownTable(part.table, limit: Page.figureRows, timeZone: report.timeZone), name: "\(name).\(layer)",
        label: title)
    }
    return "<details>\n<summary>Show the data</summary>\n\(html)</details>\n"
  }

  /// A table in a region of its own, which scrolls where the page is narrow.
  private mutating func grid(_ table: ShownTable, name: String, label: String) -> HTML {
    var header = HTML()
    for (title, kind) in zip(table.header, table.kinds) {
      header += "<th scope=\"col\"\("class", is: kind.name)>\(title.asLabel)</th>\n"
    }
    var rows = HTML()
    for (row, key) in zip(table.rows, table.keys) {
      rows += "<tr>\n"
      for (index, shown) in row.enumerated() {
        let cell = data(shown, id: [name, table.header[index], key])
        rows += "<td\("class", is: table.kinds[index].name)>\(cell)</td>\n"
      }
      rows += "</tr>\n"
    }
    return """
      <div class="scroll" role="region" aria-label="\(exact: label)" tabindex="0">
      <table>
      <thead>
      <tr>
      \(header)</tr>
      </thead>
      <tbody>
      \(rows)</tbody>
      </table>
      </div>
      \(remark(table))
      """
  }

  /// What a reader does not see of a table.
  private func remark(_ table: ShownTable) -> HTML {
    if table.rows.isEmpty, table.hidden == 0 { return "<p class=\"remark\">No rows.</p>\n" }
    guard table.hidden > 0 else { return "" }
    let count = ValueFormatter.text(.integer(Int64(table.hidden)), .automatic, timeZone: report.timeZone)
    return "<p class=\"remark\">\(count) more \(table.hidden == 1 ? "row" : "rows")</p>\n"
  }
}

extension ShownTable.ColumnKind {
  /// The class of a cell; nothing for the usual one.
  fileprivate var name: String? {
    switch self {
    case .text: nil
    case .number: "number"
    case .time: "time"
    }
  }
}

// MARK: Values, expectations, decisions

extension Page {
  /// The values of a compute block but for those that are key numbers, which stand at the top of the page.
  private mutating func valueList(_ values: [NamedValue], in block: CodeBlock) -> HTML {
    var entries = HTML()
    var rest = HTML()
    func flush() -> HTML {
      entries.isEmpty ? "" : "<dl class=\"values\">\n\(entries)</dl>\n"
    }
    for value in values {
      switch value.value {
      case .figure(let figure):
        rest += flush() + chartFigure(figure, Naming(value, in: block), notes: "")
        entries = HTML()
      case .table(let table) where table.count != 1:
        rest += flush() + tableFigure(table, Naming(value, in: block), notes: "")
        entries = HTML()
      case .column(let column, let display):
        let table = Table(schema: [Field(value.name, column.type, display: display)], columns: [column])
        rest += flush() + tableFigure(table, Naming(value, in: block), notes: "")
        entries = HTML()
      case .scalar, .record, .table:
        for (name, shown) in value.plainValues(timeZone: report.timeZone) where !block.isKeyNumber(name) {
          entries += "<div><dt>\(name.asLabel)</dt><dd>\(data(shown, id: [name]))</dd></div>\n"
        }
      }
    }
    return rest + flush()
  }

  private func expectationList(_ expectations: [Expectation]) -> HTML {
    let items = expectations.map { expectation -> HTML in
      let message: HTML = expectation.remark.map { "<p>\($0)</p>\n" } ?? ""
      let detail: HTML = expectation.shownDetail.map { "<p class=\"detail\">\($0)</p>\n" } ?? ""
      return """
        <li class="\(expectation.outcome.rawValue)">
        \(mark(expectation.outcome))<code>\(expectation.text)</code>
        \(message)\(detail)</li>

        """
    }
    return "<ul class=\"checks\">\n\(items.joined())</ul>\n"
  }

  /// A sign that says whether something holds, to the eye and to a screen reader.
  func mark(_ outcome: Expectation.Outcome) -> HTML {
    switch outcome {
    case .passed: "<span class=\"mark passed\" role=\"img\" aria-label=\"holds\">✓</span>\n"
    case .failed: "<span class=\"mark failed\" role=\"img\" aria-label=\"does not hold\">✗</span>\n"
    case .unknown: "<span class=\"mark unknown\" role=\"img\" aria-label=\"not known\">?</span>\n"
    }
  }

  private mutating func decisionList(_ decision: Decision) -> HTML {
    var items = HTML()
    for (index, recommendation) in decision.recommendations.enumerated() {
      let isChosen = index == decision.chosen
      items += "<li\("class", is: isChosen ? "chosen" : nil)>\n"
      items += "<p>\(statement(recommendation))"
      items += isChosen ? " <span class=\"tag\">holds</span></p>\n" : "</p>\n"
      items += recommendation.conditions.isEmpty ? "<p class=\"detail\">otherwise</p>\n" : ""
      items += conditionList(recommendation.conditions, of: "decision-\(index + 1)")
      items += "</li>\n"
    }
    return "<ol class=\"decision\">\n\(items)</ol>\n"
  }

  /// What is to be done to what.
  func statement(_ recommendation: Decision.Recommendation) -> HTML {
    let verb: HTML = "<b>\(recommendation.verb.capitalizedFirst)</b>"
    return recommendation.text.isEmpty ? verb : verb + " <bdi>\(recommendation.text)</bdi>"
  }

  /// The conditions of a recommendation, each with its value and whether it holds.
  mutating func conditionList(_ conditions: [Decision.Condition], of name: String) -> HTML {
    guard !conditions.isEmpty else { return "" }
    var items = HTML()
    for condition in conditions {
      let outcome: Expectation.Outcome =
        switch condition.holds {
        case true?: .passed
        case false?: .failed
        case nil: .unknown
        }
      items += "<li class=\"\(outcome.rawValue)\">\n\(mark(outcome))<code>\(condition.text)</code>\n"
      if let value = condition.value, !value.isBoolean {
        items +=
          "<span class=\"value\">"
          + data(ShownValue(value, timeZone: report.timeZone), id: [name, condition.text])
        if let bound = condition.bound {
          let value = ShownValue(bound.value, timeZone: report.timeZone)
          items += " <span class=\"bound\">\(bound.sign) \(value.text)</span>"
        }
        items += "</span>\n"
      }
      items += "</li>\n"
    }
    return "<ul class=\"checks\">\n\(items)</ul>\n"
  }
}

extension Value {
  /// Whether the value says no more than the mark of a condition does.
  fileprivate var isBoolean: Bool {
    if case .scalar(.boolean, _) = self { true } else { false }
  }
}

extension String {
  /// The text with its first letter as a capital.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
