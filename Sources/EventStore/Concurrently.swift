import Dispatch
import Synchronization

/// What a function gives for each number below a count, several at a time; throws the error of the least number.
///
/// - Parameter threads: how many are at work at once; the result does not depend on it.
func concurrently<Value: Sendable, Failure: Error>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) throws(Failure) -> Value
) throws(Failure) -> [Value] {
  let next = Atomic(0)
  let results = Mutex([Result<Value, Failure>?](repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      let result: Result<Value, Failure>
      do throws(Failure) { result = .success(try body(index)) } catch { result = .failure(error) }
      results.withLock { $0[index] = result }
    }
  }
  var values: [Value] = []
  for result in results.withLock({ $0 }) {
    guard let result else { preconditionFailure("each number is someone's turn") }
    values.append(try result.get())
  }
  return values
}
