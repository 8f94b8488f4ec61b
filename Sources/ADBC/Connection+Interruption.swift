import Dispatch
import Foundation

extension Connection {
  /// Runs statements, and interrupts them soon after `isCancelled` says so; nothing where it did.
  ///
  /// It is asked from another thread, every few hundredths of a second.
  public func interruptible<Result>(
    by isCancelled: @escaping @Sendable () -> Bool, _ body: () throws(DatabaseError) -> Result
  ) throws(DatabaseError) -> Result? {
    if isCancelled() { return nil }
    let (done, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let canceller = canceller
    Thread.detachNewThread {
      while done.wait(timeout: .now() + .milliseconds(30)) == .timedOut {
        // Again and again: a statement may begin just after it was interrupted.
        if isCancelled() { canceller.cancel() }
      }
      ended.signal()
    }
    defer {
      done.signal()
      ended.wait()
    }
    do { return try body() } catch {
      if isCancelled() { return nil }
      throw error
    }
  }
}
