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
}

/// Why a source cannot be described.
public struct SourceRefusal: Error {
  /// The reason, as it is shown to whoever wrote the project file.
  public let located: LocatedDiagnostic
}
