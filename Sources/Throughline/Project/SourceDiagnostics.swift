import ADBC
import Diagnostics
import EventStore

/// What is wrong with a source, as a diagnostic.
enum SourceDiagnostics {
  /// Why a source cannot be opened, at its place in the project file or at the column that is to blame.
  static func diagnostic(_ error: any Error, opening source: String, _ described: Project.Source?)
    -> Diagnostic
  {
    let refusal =
      (error as? DatabaseError).map { StoreError($0.message, hints: $0.hints) } ?? error as? StoreError
    let entry = refusal?.typedColumn.flatMap { described?.typeEntries[$0] }
    return Diagnostic(
      id: "source", "source '\(source)' cannot be opened", at: entry?.name ?? described?.range,
      label: entry == nil ? "its events are not read" : "no column of the files",
      notes: [refusal?.message ?? "\(error)"], hints: refusal?.hints ?? [])
  }

  /// What of a source's files could not be read; nothing where all of it could.
  static func diagnostic(
    _ report: IngestReport, reading source: String, _ described: Project.Source?
  ) -> Diagnostic? {
    guard !report.problems.isEmpty else { return nil }
    let losses = [
      (report.rowsRefused, "row"), (report.valuesLost, "value"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
    let reasons = report.problems.prefix(mostReasons).map { "\($0.file): \($0.count) × \($0.reason)" }
    let others = report.problems.count - reasons.count
    let isAnyLeft = report.rowsKept > 0
    if !isAnyLeft, let (column, entry) = culprit(of: report, described) {
      return Diagnostic(
        id: "column-type",
        "the values of '\(column)' in source '\(source)' are not of type \(entry.type.rawValue)",
        at: entry.typeRange, label: "not what the files hold", notes: reasons,
        hints: ["leave '\(column)' out of 'types', and its values decide"])
    }
    return Diagnostic(
      isAnyLeft ? .warning : .error, id: "unreadable-rows",
      "\(losses.joined(separator: " and ")) of source '\(source)' could not be read", at: described?.range,
      label: isAnyLeft ? left(of: report) : "no row is left",
      notes: reasons + (others > 0 ? ["and \(others) more reason\(others == 1 ? "" : "s")"] : []),
      hints: ["'throughline sources' shows the first of them"])
  }

  /// The column whose declared type took most of the rows.
  private static func culprit(
    of report: IngestReport, _ described: Project.Source?
  ) -> (column: String, entry: Project.TypeEntry)? {
    guard let worst = report.problems.filter({ $0.loss == .row }).max(by: { $0.count < $1.count }),
      let column = worst.typedColumn, let entry = described?.typeEntries[TypedColumn(name: column)]
    else { return nil }
    return (column, entry)
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
