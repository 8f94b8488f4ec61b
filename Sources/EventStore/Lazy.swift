import Synchronization

/// A value that is made when it is first asked for; others who ask meanwhile wait for it.
final class Lazy<Value: Sendable>: Sendable {
  private enum State {
    case made(Value)
    case unmade(@Sendable () -> Value)
  }

  private let state: Mutex<State>

  /// A value that is there.
  init(_ value: Value) { state = Mutex(.made(value)) }

  /// A value that `make` gives, once.
  init(making make: @escaping @Sendable () -> Value) { state = Mutex(.unmade(make)) }

  /// The value.
  var value: Value {
    state.withLock { state in
      switch state {
      case .made(let value): return value
      case .unmade(let make):
        let value = make()
        state = .made(value)
        return value
      }
    }
  }
}
