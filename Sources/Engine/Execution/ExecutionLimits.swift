import Foundation

/// How much a run may use. No limit but `isCancelled` lets a result depend on time or on the number of
/// threads.
public struct ExecutionLimits: Sendable {
  /// How many threads take part; results do not depend on it.
  public var threads: Int
  /// Bytes that one operator may keep: collected rows, groups, distinct values.
  public var memoryBytes: Int
  /// Asked before each batch; true ends the run.
  public var isCancelled: @Sendable () -> Bool

  /// Limits that suit a machine that is there for this run: all its cores, and 4 GB for one operator.
  public init(
    threads: Int = ProcessInfo.processInfo.activeProcessorCount, memoryBytes: Int = 4_000_000_000,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.threads = max(1, threads)
    self.memoryBytes = memoryBytes
    self.isCancelled = isCancelled
  }

  /// Refuses an operator that keeps more than it may.
  func check(bytes: Int) throws(ExecutionError) {
    guard bytes > memoryBytes else { return }
    let limit = memoryBytes / 1_000_000
    throw ExecutionError(
      "the result needs more than \(limit) MB: aggregate or limit it",
      hints: ["a filter before the step, or fewer groups, keep less in memory"])
  }
}
