import Functions

/// Why a plan has no result: one line, lower case.
public struct ExecutionError: Error, Hashable, Sendable {
  /// States the fact and quotes the offending value.
  public var message: String
  /// What could be done about it, one line each.
  public var hints: [String]

  /// An error with its message and hints.
  public init(_ message: String, hints: [String] = []) {
    self.message = message
    self.hints = hints
  }

  /// What went wrong in a kernel or an operator.
  init(_ error: any Error) {
    switch error {
    case let error as ExecutionError: self = error
    case let error as EvaluationError: self.init(error.message, hints: error.hints)
    default: preconditionFailure("operators throw execution and evaluation errors alone, not \(error)")
    }
  }

  /// What `ExecutionLimits.isCancelled` ended.
  public static let cancelled = ExecutionError(
    "computing was given up before it was done", hints: ["give it more time, or fewer rows to work on"])
}
