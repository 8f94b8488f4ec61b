import Diagnostics
import Documents
import Values

extension Page {
  /// The recommendation of each decide block that is not hidden, with its conditions.
  mutating func recommendations() -> HTML? {
    var html = HTML()
    for (block, result) in zip(report.document.blocks, report.results) where !block.has(.hide) {
      guard case .decision(let decision) = result else { continue }
      html += recommendation(decision)
    }
    return html.isEmpty ? nil : html
  }

  private mutating func recommendation(_ decision: Decision) -> HTML {
    guard let chosen = decision.chosen, decision.recommendations.indices.contains(chosen) else {
      let open = decision.openConditions
      let statement: HTML =
        switch open.count {
        case 0: "None: no condition holds"
        case 1: "Not known: a condition has no value"
        default: "Not known: conditions have no value"
        }
      return "<p class=\"statement\">\(statement)</p>\n" + conditionList(open, of: "recommendation")
    }
    let recommendation = decision.recommendations[chosen]
    let statement: HTML = "<p class=\"statement\">\(statement(recommendation))</p>\n"
    if !recommendation.conditions.isEmpty {
      return statement + conditionList(recommendation.conditions, of: "recommendation")
    }
    let failed = decision.recommendations[..<chosen].flatMap(\.conditions).filter { $0.holds != true }
    return statement + "<p class=\"detail\">No other recommendation holds:</p>\n"
      + conditionList(failed, of: "recommendation")
  }

  /// The values of the blocks with the option `key`.
  mutating func keyNumbers() -> HTML {
    var html = HTML()
    for (block, result) in zip(report.document.blocks, report.results) where block.has(.key) {
      for value in report.values(of: block, result) {
        for (name, shown) in value.plainValues(timeZone: report.timeZone) where block.isKeyNumber(name) {
          html += "<div><dt>\(name.keyLabel)</dt><dd>\(data(shown, id: [name]))</dd></div>\n"
        }
      }
    }
    return html
  }

  /// What is wrong: how much of it stands further down at its blocks, and all that has no block; nothing where all is
  /// well.
  func problemList() -> HTML? {
    let below = Set(report.document.blocks.indices.flatMap { report.diagnostics(inBlock: $0) })
    let elsewhere = report.diagnosticsOutsideBlocks
    guard !below.isEmpty || !elsewhere.isEmpty else { return nil }
    let counts = [(Severity.error, "error"), (.warning, "warning")].compactMap { severity, noun -> String? in
      let count = below.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
    let summary: HTML =
      counts.isEmpty ? HTML() : "<p>\(counts.joined(separator: " and ")) below, where the blocks are</p>\n"
    return summary + elsewhere.map(diagnostic).joined()
  }

  /// How many expectations hold, and those that do not; nothing where there are none.
  func expectationSummary() -> HTML? {
    let expectations = report.results.flatMap { result -> [Expectation] in
      if case .expectations(let expectations) = result { expectations } else { [] }
    }
    guard !expectations.isEmpty else { return nil }
    let holding = expectations.count { $0.outcome == .passed }
    let all = expectations.count
    let verb = all == 1 ? "expectation holds" : "expectations hold"
    let outcome: Expectation.Outcome =
      holding == all ? .passed : expectations.contains { $0.outcome == .failed } ? .failed : .unknown
    var html: HTML = "<p class=\"\(outcome.rawValue)\">\(mark(outcome))\(holding) of \(all) \(verb)</p>\n"
    guard holding < all else { return html }
    html += "<ul class=\"checks\">\n"
    for expectation in expectations where expectation.outcome != .passed {
      html += "<li class=\"\(expectation.outcome.rawValue)\">\n\(mark(expectation.outcome))"
      html += "<code>\(expectation.text)</code>\n"
      if let message = expectation.message { html += "<p>\(message)</p>\n" }
      html += "</li>\n"
    }
    return html + "</ul>\n"
  }

  /// How few headings need no list of contents.
  private static let fewestEntries = 3

  /// The headings as links, those of level 3 below theirs of level 2; nothing where there are few.
  func contentsList() -> HTML? {
    guard contents.count >= Page.fewestEntries else { return nil }
    return contents.map { entry -> HTML in
      "<li class=\"level-\(entry.level)\"><a href=\"#\(exact: entry.id)\">\(entry.title)</a></li>\n"
    }.joined()
  }

  /// What the report was made from, as terms and descriptions.
  func provenanceList() -> HTML {
    var entries: [(term: String, description: String)] = []
    for source in report.provenance.sources {
      entries.append(("Source", source.name))
      if let rows = source.rows { entries.append(("Rows", text(.integer(rows)))) }
      if let entities = source.entities { entries.append(("Entities", text(.integer(entities)))) }
      if let identity = source.identity {
        entries.append(
          (
            "Identity",
            "\(text(.integer(identity.user))) rows name their user, \(text(.integer(identity.previous))) have the user "
              + "before them on the device, \(text(.integer(identity.next))) the user after, "
              + "\(text(.integer(identity.device))) the device alone"
          ))
      }
      if let leftOut = source.leftOut.flatMap(description) { entries.append(("Left out", leftOut)) }
      if let times = source.times {
        entries.append(
          ("Time", "\(text(.timestamp(times.lowerBound))) to \(text(.timestamp(times.upperBound)))"))
      }
      if let fingerprint = source.fingerprint { entries.append(("Data", fingerprint)) }
    }
    for parameter in report.provenance.parameters {
      entries.append(
        ("Parameter", "\(Isolation.isolated(parameter.name)) = \(Isolation.isolated(parameter.value))"))
    }
    entries.append(("Time zone", report.timeZone.name))
    entries.append(("Document", report.provenance.documentHash))
    entries.append(
      ("Throughline", "\(report.provenance.toolVersion), semantics \(report.provenance.semanticVersion)"))
    return entries.map { entry -> HTML in
      "<div><dt>\(entry.term)</dt><dd>\(entry.description)</dd></div>\n"
    }.joined()
  }

  /// What was left out, in words; nothing where nothing was.
  private func description(_ leftOut: Provenance.Source.LeftOut) -> String? {
    let parts = [
      (leftOut.duplicates, "duplicate", "duplicates"),
      (leftOut.rows, "row that could not be read", "rows that could not be read"),
      (leftOut.values, "value that could not be read", "values that could not be read"),
    ].filter { $0.0 > 0 }
    return parts.isEmpty
      ? nil : parts.map { "\(text(.integer($0.0))) \($0.0 == 1 ? $0.1 : $0.2)" }.joined(separator: ", ")
  }

  private func text(_ scalar: Scalar) -> String {
    ValueFormatter.text(scalar, .automatic, timeZone: report.timeZone)
  }
}

extension Report {
  /// The values that a block binds, with their names; a query without a name binds none.
  func values(of block: CodeBlock, _ result: BlockResult) -> [NamedValue] {
    switch result {
    case .values(let values): return values
    case .table(let table): return block.name.map { [NamedValue($0, .table(table))] } ?? []
    case .figure(let figure): return block.name.map { [NamedValue($0, .figure(figure))] } ?? []
    case .expectations, .decision, .failed, .notRun: return []
    }
  }
}

extension String {
  /// A name as the label of a key number: `design.total_users` is "design, total users".
  fileprivate var keyLabel: String { asLabel.replacing(".", with: ", ") }
}
