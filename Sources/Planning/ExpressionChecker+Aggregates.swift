import Diagnostics
import Functions
import Syntax
import Values

extension ExpressionChecker {
  mutating func aggregate(
    _ function: AggregateFunction, _ call: Call, at range: SourceRange
  ) -> Checked? {
    if let window = call.window { return self.window(function, call, window, at: range) }
    switch place {
    case .document: return documentAggregate(function, call, at: range)
    case .rows:
      report(
        "aggregate-of-rows", "'\(call.function.name)' is over many rows, and here is one", at: range,
        label: "an aggregate",
        hints: [
          "use '|> aggregate', or say which rows of the entity: '\(call.function.name)(…) over prior'"
        ])
      return nil
    case .groups:
      var inner = ExpressionChecker(environment, .rows, scope: scope)
      inner.windows = windows
      let made = inner.aggregateCall(function, call, at: range)
      diagnostics += inner.diagnostics
      windows = inner.windows
      guard let (made, display) = made else { return nil }
      let known = aggregates.firstIndex { $0.hasSameValue(as: made) }
      if known == nil { aggregates.append(made) }
      return Checked(
        .column(keys.count + (known ?? aggregates.count - 1), made.field.type), display: display)
    }
  }

  mutating func window(
    _ function: AggregateFunction, _ call: Call, _ window: Call.Window, at range: SourceRange
  ) -> Checked? {
    guard logColumns(for: "a window", "'over \(window.kind.rawValue)'", at: window.range) != nil else {
      return nil
    }
    var inner = ExpressionChecker(environment, .rows, scope: scope)
    let made = inner.aggregateCall(function, call, at: range)
    diagnostics += inner.diagnostics
    let reach = duration(window.reach)
    guard let (made, display) = made, let reach else { return nil }
    guard !isNested(inner, "a window", at: range) else { return nil }
    let kind: EventWindow.Kind =
      switch window.kind {
      case .prior: .prior
      case .later: .later
      case .lifetime: .lifetime
      }
    let rows = EventWindow(kind: kind, reach: reach, isInclusive: window.isInclusive)
    return column(of: .aggregate(made, over: rows), display)
  }

  /// An aggregate over the rows at this place, and how its result is shown.
  mutating func aggregateCall(
    _ function: AggregateFunction, _ call: Call, at range: SourceRange
  ) -> (AggregateCall, Display)? {
    var filter: Expr?
    if let written = call.filter {
      guard let checked = condition(written) else { return nil }
      filter = checked.expr
    }
    guard let operands = arguments(of: call),
      let choice = choose(
        function.overloads.map { ($0.parameters, false) }, call, operands, named: function.name)
    else { return nil }
    let overload = function.overloads[choice.overload]
    guard let arguments = arguments(choice, operands, at: range)?.map(\.expr) else { return nil }
    var display = Display.automatic
    if case .argument(let position) = function.display, operands.indices.contains(position) {
      display = operands[position].display
    }
    let field = Field(
      Naming.name(of: Expression(.call(call), range)) ?? function.name, overload.result, display: display)
    let made = AggregateCall(
      field: field, function: function.name, overload: choice.overload, arguments: arguments,
      isDistinct: call.isDistinct, filter: filter)
    return (made, display)
  }

  /// An aggregate of the columns of tables: `avg(eligible.users)`, and `count(table)` for its rows.
  mutating func documentAggregate(
    _ function: AggregateFunction, _ call: Call, at range: SourceRange
  ) -> Checked? {
    if function.name == "count", call.arguments.count == 1, call.filter == nil, !call.isDistinct {
      var checker = TermChecker(environment)
      if let (term, type) = checker.term(call.arguments[0].value), case .table = type {
        return embedded(.count(term), .scalar(.integer, .automatic), at: range)
      }
    }
    var inner = ExpressionChecker(environment, .document)
    let made = inner.aggregateCall(function, call, at: range)
    diagnostics += inner.diagnostics
    guard let (made, display) = made else { return nil }
    guard !call.isStar, !call.arguments.isEmpty else {
      report(
        "aggregate-of-nothing", "'\(call.function.name)(*)' is of the rows of a query, and here is none",
        at: range, label: "no rows here", hints: ["count the rows of a table: 'count(table)'"])
      return nil
    }
    return embedded(
      .aggregate(made, inner.leaves.map(\.term)), .scalar(made.field.type, display), at: range)
  }
}

extension AggregateCall {
  /// Whether both compute the same, whatever the results are called.
  func hasSameValue(as other: AggregateCall) -> Bool {
    function == other.function && overload == other.overload && arguments == other.arguments
      && isDistinct == other.isDistinct && filter == other.filter
  }
}
