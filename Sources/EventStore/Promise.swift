import Dispatch
import Foundation
import Synchronization

/// A value that one thread makes and others wait for.
final class Promise<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let isSettled = DispatchGroup()

  init() { isSettled.enter() }

  /// Makes the value, or throws and leaves none to those who wait. It is called once, and must be.
  func settle<Failure: Error>(_ make: () throws(Failure) -> Value) throws(Failure) {
    defer { isSettled.leave() }
    let made = try make()
    value.withLock { $0 = made }
  }

  /// The value once it is there; nothing where there will be none.
  func wait() -> Value? {
    isSettled.wait()
    return value.withLock { $0 }
  }

  /// Begins to make a value: beside what else is being done if several may be at work, else before this returns.
  ///
  /// A thread of its own does it, for those of the system's pool may all be waiting.
  static func begun(threads: Int, _ make: @escaping @Sendable () -> Value) -> Promise<Value> {
    let promise = Promise<Value>()
    if threads == 1 {
      promise.settle(make)
    } else {
      Thread.detachNewThread { promise.settle(make) }
    }
    return promise
  }
}
