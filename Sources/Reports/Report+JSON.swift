import Diagnostics
import Documents
import Values

extension Report {
  /// The report for programs: every named value, what was expected, decided and found wrong, and of what it
  /// was made.
  ///
  /// A scalar is a plain JSON value, a record an object, a table `{schema, rows}`, a column `{type,
  /// values}`, a figure its layers as tables. Dates, times and durations are ISO 8601 texts. What a JSON
  /// number cannot carry exactly is a text: integers beyond 2⁵³, and `NaN`, `Infinity` and `-Infinity`.
  public func json() -> String {
    var values: [JSON.Member] = []
    var expectations: [JSON] = []
    var decisions: [JSON] = []
    for (block, result) in zip(document.blocks, results) {
      values += self.values(of: block, result).map { JSON.Member($0.name, JSON($0.value)) }
      if case .expectations(let list) = result { expectations += list.map { JSON($0) } }
      if case .decision(let decision) = result { decisions.append(JSON(decision)) }
    }
    let inline = zip(document.inlineValues, inlineResults).map { place, result -> JSON in
      var members = [JSON.Member("expression", .text(place.expression.text.trimmed))]
      if case .value(let value) = result {
        members.append(JSON.Member("text", .text(ShownValue(value, timeZone: timeZone).text)))
        members.append(JSON.Member("value", JSON(value)))
      }
      return .object(members)
    }
    let problems = document.blocks.indices.flatMap { diagnostics(inBlock: $0) } + diagnosticsOutsideBlocks
    return JSON.object([
      JSON.Member("title", document.frontMatter.title.map { .text($0) } ?? .null),
      JSON.Member("values", .object(values)),
      JSON.Member("inline", .array(inline)),
      JSON.Member("expectations", .array(expectations)),
      JSON.Member("decisions", .array(decisions)),
      JSON.Member("diagnostics", .array(problems.map { JSON($0, in: document.source) })),
      JSON.Member("provenance", JSON(provenance)),
    ]).written() + "\n"
  }
}

extension JSON {
  /// Integers up to here are exact as the doubles that most readers of JSON make of them.
  private static let largestExact: UInt64 = 1 << 53

  fileprivate init(_ scalar: Scalar) {
    switch scalar {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .integer(let value) where value.magnitude <= JSON.largestExact: self = .number(String(value))
    case .double(let value) where value.isFinite: self = .number(ValueFormatter.machine(scalar))
    case .integer, .double, .text, .timestamp, .date, .duration: self = .text(ValueFormatter.machine(scalar))
    }
  }

  fileprivate init(_ value: Value) {
    switch value {
    case .scalar(let scalar, _): self.init(scalar)
    case .column(let column, _):
      self = .object([
        Member("type", .text(column.type.rawValue)),
        Member("values", .array(column.scalars.map { JSON($0) })),
      ])
    case .table(let table): self = .object(JSON.members(of: table))
    case .record(let record): self = .object(record.members.map { Member($0.name, JSON($0.value)) })
    case .figure(let figure):
      let layers = figure.tables.map {
        JSON.object([Member("mark", .text($0.name))] + JSON.members(of: $0.table))
      }
      self = .object([Member("title", JSON(optional: figure.title)), Member("layers", .array(layers))])
    }
  }

  private static func members(of table: Table) -> [Member] {
    let schema = table.schema.map { field in
      JSON.object([Member("name", .text(field.name)), Member("type", .text(field.type.rawValue))])
    }
    let rows = (0..<table.count).map { JSON.array(table.row($0).map { JSON($0) }) }
    return [Member("schema", .array(schema)), Member("rows", .array(rows))]
  }

  private init(optional text: String?) { self = text.map { .text($0) } ?? .null }

  fileprivate init(_ expectation: Expectation) {
    self = .object([
      Member("condition", .text(expectation.text)), Member("outcome", .text(expectation.outcome.rawValue)),
      Member("message", JSON(optional: expectation.message)),
      Member("detail", JSON(optional: expectation.detail)),
    ])
  }

  fileprivate init(_ decision: Decision) {
    let recommendations = decision.recommendations.map { recommendation -> JSON in
      let conditions = recommendation.conditions.map { condition -> JSON in
        .object([
          Member("condition", .text(condition.text)),
          Member("value", condition.value.map { JSON($0) } ?? .null),
          Member("bound", condition.bound.map { JSON($0.value) } ?? .null),
          Member("holds", condition.holds.map { .boolean($0) } ?? .null),
        ])
      }
      return .object([
        Member("verb", .text(recommendation.verb)), Member("text", .text(recommendation.text)),
        Member("conditions", .array(conditions)),
      ])
    }
    self = .object([
      Member("chosen", decision.chosen.map { .number(String($0)) } ?? .null),
      Member("recommendations", .array(recommendations)),
    ])
  }

  fileprivate init(_ diagnostic: Diagnostic, in source: SourceText) {
    self = .object([
      Member("severity", .text(diagnostic.severity.rawValue)), Member("id", .text(diagnostic.id)),
      Member("message", .text(diagnostic.message)),
      Member("line", diagnostic.range.map { .number(String(source.line(at: $0.lower))) } ?? .null),
      Member("column", diagnostic.range.map { .number(String(source.column(at: $0.lower))) } ?? .null),
    ])
  }

  fileprivate init(_ provenance: Provenance) {
    let sources = provenance.sources.map { source -> JSON in
      let identity = source.identity.map {
        JSON.object([
          Member("user", JSON(.integer($0.user))), Member("previous", JSON(.integer($0.previous))),
          Member("next", JSON(.integer($0.next))), Member("device", JSON(.integer($0.device))),
        ])
      }
      let leftOut = source.leftOut.map {
        JSON.object([
          Member("duplicates", JSON(.integer($0.duplicates))), Member("rows", JSON(.integer($0.rows))),
          Member("values", JSON(.integer($0.values))),
        ])
      }
      return .object([
        Member("name", .text(source.name)), Member("fingerprint", JSON(optional: source.fingerprint)),
        Member("rows", JSON(source.rows.map { .integer($0) } ?? .null)),
        Member("entities", JSON(source.entities.map { .integer($0) } ?? .null)),
        Member("first", JSON(source.times.map { .timestamp($0.lowerBound) } ?? .null)),
        Member("last", JSON(source.times.map { .timestamp($0.upperBound) } ?? .null)),
        Member("identity", identity ?? .null), Member("leftOut", leftOut ?? .null),
      ])
    }
    self = .object([
      Member("sources", .array(sources)),
      Member("parameters", .object(provenance.parameters.map { Member($0.name, .text($0.value)) })),
      Member("document", .text(provenance.documentHash)), Member("tool", .text(provenance.toolVersion)),
      Member("semantics", .text(provenance.semanticVersion)),
    ])
  }
}
