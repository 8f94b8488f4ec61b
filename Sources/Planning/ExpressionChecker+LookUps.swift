import Diagnostics
import Functions
import Syntax
import Values

extension ExpressionChecker {
  /// A function of other rows of the entity.
  mutating func lookUp(_ function: PositionalFunction, _ call: Call, at range: SourceRange) -> Checked? {
    let quoted = "'\(call.function.name)'"
    guard let log = logColumns(for: quoted, quoted, at: call.function.range) else { return nil }
    var inner = ExpressionChecker(environment, .rows, scope: scope)
    let operands = inner.arguments(of: call)
    let choice = operands.flatMap {
      inner.choose(function.overloads.map { ($0.parameters, false) }, call, $0, named: function.name)
    }
    guard let operands, let choice, let arguments = inner.arguments(choice, operands, at: range) else {
      diagnostics += inner.diagnostics
      return nil
    }
    diagnostics += inner.diagnostics
    guard !isNested(inner, quoted, at: range) else { return nil }
    let (value, display) = (arguments[0].expr, arguments[0].display)
    switch function.meaning {
    case .elapsed: return elapsed(since: value, log, at: range)
    case .before, .after:
      guard case .literal(.integer(let places), _) = arguments[1].expr, places >= 0 else {
        report(
          "not-constant", "the offset of \(quoted) is a whole number, 0 or more",
          at: arguments[1].range ?? range,
          label: "not such a number", hints: ["write it in place: '\(function.name)(x, 2)'"])
        return nil
      }
      let offset = function.meaning == .before ? -places : places
      let found = neighbour(value, offset, named: function.name, display)
      guard arguments[2].constant != .null else { return found }
      // The default is for rows that are not there: one that is there may have no value.
      let isThere = neighbour(.literal(.boolean(true), .boolean), offset, named: function.name, .automatic)
      return self.choice(
        [self.call("is null", [isThere], at: range)], [(arguments[2], range), (found, range)],
        hasOtherwise: true,
        what: "the values of \(quoted)")
    }
  }

  private mutating func neighbour(
    _ value: Expr, _ offset: Int64, named name: String, _ display: Display
  ) -> Checked {
    column(of: .neighbour(Field(name, value.type, display: display), value, offset: offset), display)
  }

  /// The time since the last strictly earlier row with a condition.
  private mutating func elapsed(since condition: Expr, _ log: LogColumns, at range: SourceRange) -> Checked? {
    guard
      let overload = Catalogue.aggregate("max")?.overloads.firstIndex(where: {
        $0.parameters.map(\.type) == [.timestamp]
      })
    else { preconditionFailure("the catalogue has a maximum of times") }
    let now = Expr.column(log.time, .timestamp)
    let last = AggregateCall(
      field: Field("since", .timestamp), function: "max", overload: overload, arguments: [now],
      filter: condition)
    let then = column(of: .aggregate(last, over: EventWindow(kind: .prior, reach: nil)), .automatic)
    return call("-", [Checked(now), then], at: range)
  }

  // MARK: What look-ups and windows have in common

  /// The columns of the log whose rows can be looked at here, or a diagnostic.
  ///
  /// - Parameters:
  ///   - subject: what looks at them.
  ///   - written: how that is written.
  mutating func logColumns(for subject: String, _ written: String, at range: SourceRange) -> LogColumns? {
    guard place == .rows else {
      let here = place == .groups ? "here are groups" : "here is a document's own expression"
      report(
        "window-of-groups", "\(subject) is over the rows of an entity, and \(here)", at: range,
        label: "no rows here", hints: ["compute it in a step before: '|> extend … as name'"])
      return nil
    }
    if let log = scope.log { return log }
    report(
      "not-a-log", "\(written) needs the rows of an event log", at: range, label: "no log here",
      notes: [QueryChecker.whatIsALog], hints: ["put this step before the one that ends the log"])
    return nil
  }

  /// Whether what is inside a look-up or a window looks at other rows itself, which is reported.
  mutating func isNested(_ inner: ExpressionChecker, _ subject: String, at range: SourceRange) -> Bool {
    guard !inner.windows.isEmpty else { return false }
    report(
      "nested-window", "\(subject) has no other window inside", at: range, label: "has one inside",
      hints: ["compute the inner one in a step before: '|> extend … as name'"])
    return true
  }

  /// The column of a value that is made of other rows; equal ones are one column.
  mutating func column(of call: WindowCall, _ display: Display) -> Checked {
    let known = windows.firstIndex { $0.hasSameValue(as: call) }
    if known == nil { windows.append(call) }
    return Checked(
      .column(scope.schema.count + (known ?? windows.count - 1), call.field.type), display: display)
  }
}

extension WindowCall {
  /// Whether both compute the same, whatever the results are called.
  fileprivate func hasSameValue(as other: WindowCall) -> Bool {
    switch (self, other) {
    case (.aggregate(let a, let window), .aggregate(let b, let otherWindow)):
      window == otherWindow && a.hasSameValue(as: b)
    case (.neighbour(_, let value, let offset), .neighbour(_, let otherValue, let otherOffset)):
      offset == otherOffset && value == otherValue
    case (.aggregate, .neighbour), (.neighbour, .aggregate): false
    }
  }
}
