import Diagnostics
import Documents
import Values

extension Report {
  /// The document with the result of each block written below it, and of each inline value behind it.
  ///
  /// Results stand between comments, which a Git host does not show. A document that has results already
  /// gets the new ones in their place, so a document with its results in it stays as it is.
  public func markdown() -> String {
    var edits: [Edit] = []
    for index in document.blocks.indices {
      let place = document.source.place(after: document.blocks[index])
      let result = markdown(ofBlock: index)
      guard !result.isEmpty || place.replaced.lower < place.replaced.upper else { continue }
      edits.append(Edit(range: place.replaced, text: result.isEmpty ? "" : place.section(result)))
    }
    for (value, result) in zip(document.inlineValues, inlineResults) {
      let range = document.source.place(after: value)
      edits.append(Edit(range: range, text: InlineMarker.start + " " + markdown(result) + InlineMarker.end))
    }
    let end = document.source.placeOfProblems
    let problems = diagnosticsOutsideBlocks.map { $0.rendered(in: document.source) }
    if !problems.isEmpty {
      edits.append(
        Edit(range: end.replaced, text: end.section(Markdown.fenced(problems.joined(separator: "\n\n")))))
    } else if end.replaced.lower < end.replaced.upper {
      edits.append(Edit(range: end.replaced, text: ""))
    }
    return document.source.applying(edits)
  }

  private func markdown(_ result: InlineResult) -> String {
    switch result {
    case .value(let value): Markdown.text(ShownValue(value, timeZone: timeZone).text)
    case .failed(let diagnostic): Markdown.text(diagnostic.message)
    case .notRun(let reason): Markdown.text(reason)
    }
  }

  private func markdown(ofBlock index: Int) -> String {
    let block = document.blocks[index]
    let problems = diagnostics(inBlock: index).map { $0.rendered(in: document.source) }
    var parts = problems.isEmpty ? [] : [Markdown.fenced(problems.joined(separator: "\n\n"))]
    if !block.has(.hide) { parts += markdown(results[index], of: block) }
    return parts.joined(separator: "\n\n")
  }

  private func markdown(_ result: BlockResult, of block: CodeBlock) -> [String] {
    switch result {
    case .table(let table): markdown(table, limit: block.rowLimit)
    case .figure(let figure): markdown(figure, limit: block.rowLimit)
    case .values(let values): values.flatMap { markdown($0, limit: block.rowLimit) }
    case .expectations(let expectations): [expectations.map(Report.markdown).joined(separator: "\n")]
    case .decision(let decision): [markdown(decision)]
    case .failed: []
    case .notRun(let reason): ["Not computed: \(Markdown.text(reason))."]
    }
  }

  private func markdown(_ table: Table, limit: Int) -> [String] {
    let shown = ShownTable(table, limit: limit, timeZone: timeZone)
    var parts = [Markdown.table(shown)].filter { !$0.isEmpty }
    if table.count == 0 { parts.append("No rows.") }
    if shown.hidden > 0 { parts.append("\(shown.hidden) more \(shown.hidden == 1 ? "row" : "rows")") }
    return parts
  }

  private func markdown(_ figure: Figure, limit: Int) -> [String] {
    let titles = [figure.title, figure.subtitle].compactMap(\.self).map(Markdown.text)
    let heading = (["Figure"] + titles).joined(separator: ": ")
    return [heading] + figure.tables.flatMap { ["Layer: \($0.name)"] + markdown($0.table, limit: limit) }
  }

  private func markdown(_ named: NamedValue, limit: Int) -> [String] {
    switch named.value {
    case .scalar, .record:
      let lines = named.plainValues(timeZone: timeZone).map {
        "- \(Markdown.code($0.name)) = \(Markdown.text($0.shown.text))"
      }
      return lines.isEmpty ? [] : [lines.joined(separator: "\n")]
    case .table(let table): return ["- \(Markdown.code(named.name))"] + markdown(table, limit: limit)
    case .column(let column, let display):
      let table = Table(schema: [Field(named.name, column.type, display: display)], columns: [column])
      return ["- \(Markdown.code(named.name))"] + markdown(table, limit: limit)
    case .figure(let figure): return ["- \(Markdown.code(named.name))"] + markdown(figure, limit: limit)
    }
  }

  private static func markdown(_ expectation: Expectation) -> String {
    let sign =
      switch expectation.outcome {
      case .passed: "✓"
      case .failed: "✗"
      case .unknown: "?"
      }
    let remarks = [expectation.remark, expectation.shownDetail].compactMap(\.self).map {
      ": " + Markdown.text($0)
    }
    return "- \(sign) \(Markdown.code(expectation.text))\(remarks.joined())"
  }

  private func openness(of decision: Decision) -> String {
    let open = decision.openConditions.map { Markdown.code($0.text) }
    guard let last = open.last else { return "" }
    guard open.count > 1 else { return "\n\nNot known: \(last) has no value" }
    return "\n\nNot known: \(open.dropLast().joined(separator: ", ")) and \(last) have no value"
  }

  private func markdown(_ decision: Decision) -> String {
    decision.recommendations.enumerated().map { index, recommendation in
      let name = "**\(Markdown.text(recommendation.verb))** \(Markdown.text(recommendation.text))".trimmed
      let head = "- \(name)\(index == decision.chosen ? " ← holds" : "")"
      let conditions = recommendation.conditions.map { condition -> String in
        let sign = condition.holds.map { $0 ? "✓" : "✗" } ?? "?"
        let value = condition.value.map { ShownValue($0, timeZone: timeZone).text }
        let bound = condition.bound.map { "\($0.sign) \(ShownValue($0.value, timeZone: timeZone).text)" }
        let values = [value, bound].compactMap(\.self).joined(separator: " ")
        return
          "  - \(sign) \(Markdown.code(condition.text))\(values.isEmpty ? "" : ": " + Markdown.text(values))"
      }
      return ([head] + conditions).joined(separator: "\n")
    }.joined(separator: "\n") + openness(of: decision)
  }
}
