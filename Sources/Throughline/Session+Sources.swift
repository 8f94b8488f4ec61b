import ADBC
import Diagnostics
import EventStore
import Values

extension Session {
  /// What is in a source, as text: rows, entities, times, events, properties, and what was left out.
  public func description(ofSource name: String) -> Result<String, SourceRefusal> {
    do {
      guard let source = try openSource(name) else {
        preconditionFailure("a source is described that the project does not have")
      }
      return .success(try text(source))
    } catch {
      return .failure(SourceRefusal(located: refusal(error, ofSource: name)))
    }
  }

  private func text(_ source: OpenSource) throws(DatabaseError) -> String {
    func count(_ number: Int) -> String {
      ValueFormatter.text(.integer(Int64(number)), .automatic, timeZone: .utc)
    }
    func time(_ microseconds: Int64) -> String {
      ValueFormatter.text(.timestamp(microseconds), .automatic, timeZone: project.timeZone)
    }
    var lines = [source.name]
    if source.engine != .native { lines.append("  engine       \(source.engine.rawValue)") }
    if let report = source.report {
      let bytes = report.files.reduce(0) { $0 + Int($1.bytes) }
      lines.append("  files        \(count(report.files.count)) (\(count((bytes + 999) / 1000)) kB)")
    }
    let entity = source.events.log.map { source.events.schema[$0.entity].name } ?? ""
    lines += [
      "  rows         \(count(source.rowCount))",
      "  entities     \(count(source.entityCount)) by '\(entity)'",
    ]
    if let times = source.times {
      lines.append("  times        \(time(times.lowerBound)) to \(time(times.upperBound))")
    }
    if let identity = source.report?.identity, let columns = source.identity {
      lines.append("  identity     \(count(identity.user)) rows by '\(columns.user)'")
      lines.append("               \(count(identity.previous)) by the user before on '\(columns.device)'")
      lines.append("               \(count(identity.next)) by the user after on '\(columns.device)'")
      lines.append("               \(count(identity.device)) by '\(columns.device)' alone")
    }
    let census = try source.census()
    if let duplicates = source.report?.duplicates ?? census?.duplicateCount, duplicates > 0 {
      lines.append("  duplicates   \(count(duplicates)) left out")
    }
    if let refused = census?.refusedCount, refused > 0 {
      lines.append("  left out     \(count(refused)) without an entity or a time")
    }
    lines.append("  fingerprint  \(source.fingerprint)")
    if let report = source.report {
      lines += events(report.events.map { ($0.event, $0.count) }, others: report.otherEvents ?? 0)
      lines += properties(report.properties.map { ($0.name, $0.type, report.nullShare(of: $0)) })
    } else if let facts = source.facts, let census {
      // The dictionary's order stays where counts are equal.
      lines += events(
        census.events.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
          .map { ($0.element.name, $0.element.count) }, others: 0)
      lines += properties(
        zip(facts.schema, census.nulls).map { field, nulls in
          (field.name, field.type, facts.rowCount == 0 ? 0 : Double(nulls) / Double(facts.rowCount))
        })
    }
    for (name, dimension) in source.dimensions.sorted(by: { $0.key < $1.key }) {
      lines.append(
        "  dimension \(name): \(count(dimension.count)) rows, "
          + dimension.schema.map(\.name).joined(separator: ", "))
    }
    for problem in source.report?.problems ?? [] {
      lines.append("  \(problem.file): \(count(problem.count)) × \(problem.reason)")
      for example in problem.examples {
        lines.append("    \(example.unit.rawValue) \(example.number): \(example.text)")
      }
    }
    return lines.map(\.printable).joined(separator: "\n")
  }

  /// The names of events with how often each happened, most frequent first.
  private func events(_ events: [(name: String?, count: Int)], others: Int) -> [String] {
    let counts = events.prefix(40).map {
      ValueFormatter.text(.integer(Int64($0.count)), .automatic, timeZone: .utc)
    }
    let width = counts.map(\.count).max() ?? 0
    var lines = ["  events"]
    for (event, count) in zip(events, counts) {
      lines.append(
        "    \(String(repeating: " ", count: width - count.count))\(count)  \(event.name ?? "(no name)")")
    }
    let rest = ValueFormatter.text(
      .integer(Int64(max(0, events.count - 40) + others)), .automatic, timeZone: .utc)
    if rest != "0" { lines.append("    … and \(rest) more names") }
    return lines
  }

  /// The columns with their types and the share of rows that have no value.
  private func properties(_ properties: [(name: String, type: ScalarType, nullShare: Double)]) -> [String] {
    let width = properties.map(\.name.count).max() ?? 0
    return ["  properties"]
      + properties.map { property in
        let pad = String(repeating: " ", count: width - property.name.count)
        let missing = ValueFormatter.text(
          .double(property.nullShare), .percent(decimals: 1), timeZone: .utc)
        let note = property.nullShare > 0 ? ", \(missing) missing" : ""
        return "    \(property.name)\(pad)  \(property.type.rawValue)\(note)"
      }
  }
}
