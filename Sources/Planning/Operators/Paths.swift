import Diagnostics
import Syntax
import Values

extension QueryChecker {
  /// `paths`: which event follows which.
  mutating func paths(_ written: Query.PathsSyntax, _ input: Plan, at range: SourceRange) -> Plan? {
    guard isLog(input, for: "paths", at: range), let log = input.log else { return nil }
    guard let event = log.event else {
      report(
        "not-a-log", "'paths' needs the log's column of events", at: range, label: "no events here",
        hints: ["keep the column until here"])
      return nil
    }
    var rows = rowChecker(input)
    let anchor: PathsPlan.Anchor?
    switch written.anchor {
    case .beginning: anchor = .beginning
    case .from(let condition): anchor = rows.condition(condition).map { .from($0.expr) }
    case .to(let condition): anchor = rows.condition(condition).map { .to($0.expr) }
    }
    let hidden = written.hidden.map { rows.condition($0) }
    diagnostics += rows.diagnostics
    var session: Expr?
    if written.isPerSession {
      guard let position = input.schema.position(of: "session_id") else {
        report(
          "no-column", "'per session' needs the column 'session_id'", at: range, label: "no sessions here",
          hints: ["make sessions in a step before: '|> sessions gap 30 minutes'"])
        return nil
      }
      session = .column(position, input.schema[position].type)
    }
    guard let anchor, hidden == nil || hidden??.expr != nil else { return nil }
    qualified = [:]
    return .paths(
      PathsPlan(
        input: windowed(input, rows), event: .column(event, .text), anchor: anchor, depth: written.depth,
        session: session, repeats: written.repeats == .collapsed ? .collapsed : .kept, hidden: hidden??.expr))
  }
}
