import EventStore
import Planning
import Values

/// A source whose log is open and up to date.
final class OpenSource: Sendable {
  let name: String
  let log: EventLog
  let report: IngestReport
  let dimensions: [String: Table]
  /// Identify the content of the dimensions.
  let dimensionFingerprints: [String: String]

  init(name: String, opened: OpenedLog) {
    self.name = name
    log = opened.log
    report = opened.report
    dimensions = opened.dimensions
    dimensionFingerprints = opened.dimensionFingerprints
  }

  /// Identifies the content of the log and of the dimensions.
  var fingerprint: String {
    guard !dimensionFingerprints.isEmpty else { return log.fingerprint }
    let dimensions = dimensionFingerprints.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return ContentHash.hex(of: Array(([log.fingerprint] + dimensions).joined(separator: "\n").utf8))
  }

  /// The plan that reads the log; columns that identify something are shown without separators.
  var events: Plan {
    var schema = log.schema
    let identity = log.roles.identity
    for name in [log.roles.entity, log.roles.id, identity?.device, identity?.user] {
      if let position = name.flatMap({ schema.position(of: $0) }), schema[position].type == .integer {
        schema[position].display = .plain
      }
    }
    return .events(
      EventsPlan(
        source: name, schema: schema,
        log: LogColumns(entity: log.entityPosition, time: log.timePosition, event: log.eventPosition)))
  }

  /// The times of the first and the last event, in microseconds; nothing for an empty log.
  var times: ClosedRange<Int64>? {
    guard let first = report.firstTime, let last = report.lastTime else { return nil }
    return first...last
  }

  /// The names of events that the log has seen.
  var eventNames: [String] {
    guard let dictionary = log.columns[log.eventPosition]?.dictionary else { return [] }
    return (0..<dictionary.count).map { dictionary.text($0) }
  }
}
