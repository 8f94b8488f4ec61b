import EventStore
import Functions
import Values

/// What plans are run on.
public struct ExecutionInputs: Sendable {
  /// Event logs by the name of their source.
  public var logs: [String: EventLog]
  /// Tables by the name of their relation.
  public var tables: [String: Table]
  /// What functions may know, such as the time zone.
  public var context: EvaluationContext
  /// How much the run may use.
  public var limits: ExecutionLimits
  var chunking = Chunking()

  /// Everything that the plans of one run name.
  public init(
    logs: [String: EventLog] = [:], tables: [String: Table] = [:], context: EvaluationContext,
    limits: ExecutionLimits = ExecutionLimits()
  ) {
    self.logs = logs
    self.tables = tables
    self.context = context
    self.limits = limits
  }
}
