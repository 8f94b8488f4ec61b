import EventStore
import Planning
import Values

extension LogFacts {
  /// What sources' logs know of themselves.
  public init(_ log: @escaping (_ source: String) -> EventLog?) {
    self.init { source, names in
      log(source).flatMap { LogExcerpt($0, names: names.sorted()) }?.isWorthIt ?? false
    } namesWithValues: { source, column in
      log(source)?.names(withValuesOf: column).map { .some(Set($0.map(ExactText.init))) } ?? .all
    }
  }
}
