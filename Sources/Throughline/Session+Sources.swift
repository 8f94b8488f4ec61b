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
      return .success(text(source))
    } catch {
      return .failure(SourceRefusal(located: refusal(error, ofSource: name)))
    }
  }

  private func text(_ source: OpenSource) -> String {
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
    if let report = source.report, report.duplicates > 0 {
      lines.append("  duplicates   \(count(report.duplicates)) left out")
    }
    lines.append("  fingerprint  \(source.fingerprint)")
    if let report = source.report {
      lines += contents(report)
    } else {
      lines.append("  events       \(source.eventNames.prefix(40).joined(separator: ", "))")
      lines.append(
        "  columns      \(source.events.schema.map { "\($0.name) \($0.type.rawValue)" }.joined(separator: ", "))"
      )
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

  /// The events and properties that were found in files.
  private func contents(_ report: IngestReport) -> [String] {
    func count(_ number: Int) -> String {
      ValueFormatter.text(.integer(Int64(number)), .automatic, timeZone: .utc)
    }
    var lines = ["  events"]
    let width = report.events.map { count($0.count).count }.max() ?? 0
    for event in report.events.prefix(40) {
      let number = count(event.count)
      lines.append(
        "    \(String(repeating: " ", count: width - number.count))\(number)  \(event.event ?? "(no name)")")
    }
    let others = report.events.dropFirst(40).count + (report.otherEvents ?? 0)
    if others > 0 { lines.append("    … and \(count(others)) more names") }
    lines.append("  properties")
    let names = report.properties.map(\.name.count).max() ?? 0
    for property in report.properties {
      let pad = String(repeating: " ", count: names - property.name.count)
      let missing = ValueFormatter.text(
        .double(report.nullShare(of: property)), .percent(decimals: 1), timeZone: .utc)
      lines.append(
        "    \(property.name)\(pad)  \(property.type.rawValue)\(property.nulls > 0 ? ", \(missing) missing" : "")"
      )
    }
    return lines
  }
}
