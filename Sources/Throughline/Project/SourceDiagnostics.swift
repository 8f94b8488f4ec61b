import ADBC
import Diagnostics
import EventStore

/// What is wrong with a source, as a diagnostic.
enum SourceDiagnostics {
  static func diagnostic(_ error: any Error, source: String, at place: SourceRange? = nil) -> Diagnostic {
    let refusal =
      (error as? DatabaseError).map { StoreError($0.message, hints: $0.hints) } ?? error as? StoreError
    return Diagnostic(
      id: "source", "source '\(source)' cannot be opened", at: place, label: "its events are not read",
      notes: [refusal?.message ?? "\(error)"], hints: refusal?.hints ?? [])
  }

  /// What of a source's files could not be read; nothing where all of it could.
  static func diagnostic(_ report: IngestReport, source: String, at place: SourceRange?) -> Diagnostic? {
    guard !report.problems.isEmpty else { return nil }
    let losses = [
      (report.rowsRefused, "row"), (report.valuesLost, "value"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
    let reasons = report.problems.prefix(mostReasons).map { "\($0.file): \($0.count) × \($0.reason)" }
    let others = report.problems.count - reasons.count
    let isAnyLeft = report.rowsKept > 0
    return Diagnostic(
      isAnyLeft ? .warning : .error, id: "unreadable-rows",
      "\(losses.joined(separator: " and ")) of source '\(source)' could not be read", at: place,
      label: isAnyLeft ? left(of: report) : "no row is left",
      notes: reasons + (others > 0 ? ["and \(others) more reason\(others == 1 ? "" : "s")"] : []),
      hints: ["'throughline sources' shows the first of them"])
  }

  private static func left(of report: IngestReport) -> String {
    report.rowsRefused == 0
      ? "null instead" : "left out of \(report.rowsKept + report.rowsRefused) rows"
  }

  private static let mostReasons = 3
}

/// Why a source cannot be described.
public struct SourceRefusal: Error {
  /// The reason, as it is shown to whoever wrote the project file.
  public let located: LocatedDiagnostic
}
