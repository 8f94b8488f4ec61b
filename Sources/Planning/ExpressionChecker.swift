import Diagnostics
import Functions
import Syntax
import Values

/// Turns written expressions into checked ones. Every mistake is reported once; what has one is nothing, which silences
/// everything that depends on it.
struct ExpressionChecker {
  /// Where an expression stands, which decides what names and aggregates mean.
  enum Place {
    /// Over the rows of a relation.
    case rows
    /// Among the results of an aggregation: aggregates, group keys and constants.
    case groups
    /// In the document itself: names of the document, and aggregates of their columns.
    case document
  }

  let environment: any Environment
  var place: Place
  var scope: Scope
  var diagnostics: [Diagnostic] = []
  /// Windows that expressions over rows asked for: columns after those of the scope.
  var windows: [WindowCall] = []
  /// The group keys, and the aggregates that expressions over groups asked for: columns after the keys.
  var keys: [NamedExpr] = []
  var aggregates: [AggregateCall] = []
  /// What a document's own expressions are made of: columns of expressions at this place.
  var leaves: [Leaf] = []

  init(_ environment: any Environment, _ place: Place, scope: Scope = Scope([])) {
    self.environment = environment
    self.place = place
    self.scope = scope
  }

  mutating func report(
    _ id: String, _ message: String, at range: SourceRange, label: String = "", notes: [String] = [],
    hints: [String] = []
  ) {
    diagnostics.append(
      Diagnostic(id: id, message, at: range, label: label, notes: notes, hints: hints))
  }

  mutating func warn(
    _ id: String, _ message: String, at range: SourceRange, label: String = "", notes: [String] = [],
    hints: [String] = []
  ) {
    diagnostics.append(
      Diagnostic(.warning, id: id, message, at: range, label: label, notes: notes, hints: hints))
  }

  /// Checks an expression of any type.
  mutating func check(_ written: Expression) -> Checked? {
    var checked = key(writtenAs: written) ?? checkKind(of: written)
    checked?.range = written.range
    return checked
  }

  private mutating func checkKind(of written: Expression) -> Checked? {
    switch written.kind {
    case .error: return nil
    case .null: return .null()
    case .boolean(let value): return literal(.boolean(value), .boolean)
    case .integer(let value): return literal(.integer(value), .integer)
    case .double(let value): return literal(.double(value), .double)
    case .percentage(let value):
      return Checked(.literal(.double(value), .double), display: .percentage(of: value))
    case .text(let text): return literal(.text(text), .text)
    case .duration(let microseconds): return literal(.duration(microseconds), .duration)
    case .typedText(let type, let text): return typedText(type, text, at: written.range)
    case .name(let name): return column(named: name)
    case .member(let base, let member): return self.member(base, member, at: written.range)
    case .rows(let base, let condition): return rows(base, condition, at: written.range)
    case .unary(let op, let operand):
      guard op != .plus else { return check(operand) }
      return apply(op == .not ? "not" : "unary -", to: [operand], at: written.range)
    case .binary(let op, let range, let left, let right):
      return binary(op, at: range, left, right, whole: written.range)
    case .isNull(let operand, let isNegated):
      return apply(isNegated ? "is not null" : "is null", to: [operand], at: written.range)
    case .isIn(let operand, let options, let isNegated):
      return isIn(operand, options, isNegated: isNegated, at: written.range)
    case .isBetween(let operand, let low, let high, let isNegated):
      guard let above = apply(">=", to: [operand, low], at: written.range),
        let below = apply("<=", to: [operand, high], at: written.range),
        let both = call("and", [above, below], at: written.range)
      else { return nil }
      return isNegated ? call("not", [both], at: written.range) : both
    case .isLike(let operand, let pattern, let isNegated):
      guard let like = apply("like", to: [operand, pattern], at: written.range) else { return nil }
      return isNegated ? call("not", [like], at: written.range) : like
    case .conditional(let operand, let branches, let otherwise):
      return conditional(operand, branches, otherwise, at: written.range)
    case .cast(let operand, let type, let isTry):
      return cast(operand, to: type, isTry: isTry, at: written.range)
    case .call(let call): return self.call(call, at: written.range)
    }
  }

  /// Checks an expression that has to be of a type; an integer becomes a double and a null takes the type.
  mutating func check(_ written: Expression, as type: ScalarType, what: String) -> Checked? {
    guard let checked = check(written) else { return nil }
    if let converted = converted(checked, to: type, at: written.range) { return converted }
    guard !reportLiteral(checked, as: type, at: written.range) else { return nil }
    report(
      "type-mismatch", "\(what) is of type \(type.rawValue), not \(checked.type?.rawValue ?? "null")",
      at: written.range, label: "of type \(checked.type?.rawValue ?? "null")")
    return nil
  }

  /// Checks a condition.
  mutating func condition(_ written: Expression) -> Checked? {
    check(written, as: .boolean, what: "a condition")
  }

  /// Checks operands that are compared with one another. A name that nothing has and that is compared with a column of
  /// texts is most likely a text whose quotes were forgotten; beside a text that was written it is rather a column.
  mutating func check(compared operands: [Expression]) -> [Checked?] {
    let checked = operands.map { check($0) }
    guard let text = checked.lazy.compactMap(\.self).first(where: { $0.type == .text && $0.constant == nil })
    else {
      return checked
    }
    for (written, value) in zip(operands, checked) where value == nil {
      suggestQuotes(for: written, beside: text)
    }
    return checked
  }

  func literal(_ scalar: Scalar, _ type: ScalarType) -> Checked { Checked(.literal(scalar, type)) }

  // MARK: Operators

  mutating func binary(
    _ op: BinaryOperator, at range: SourceRange, _ left: Expression, _ right: Expression, whole: SourceRange
  ) -> Checked? {
    let both = check(compared: [left, right])
    guard let a = both[0], let b = both[1] else { return nil }
    if op == .equal || op == .notEqual {
      warnOfNull(a, b, op, at: range)
      warnOfUnseenEvent(a, right, b)
      warnOfUnseenEvent(b, left, a)
    }
    return call(op.rawValue, [a, b], at: whole, operatorRange: range)
  }

  private mutating func warnOfNull(_ a: Checked, _ b: Checked, _ op: BinaryOperator, at range: SourceRange) {
    guard a.type == nil || b.type == nil else { return }
    warn(
      "null-comparison", "a comparison with null is never true", at: range, label: "gives null",
      hints: [op == .equal ? "write 'is null'" : "write 'is not null'"])
  }

  /// Whether a constant that is compared with the event's name is one that the log has seen.
  private mutating func warnOfUnseenEvent(_ column: Checked, _ written: Expression, _ value: Checked) {
    guard let events = scope.events, place != .document, case .column(events.column, _) = column.expr,
      case .text(let name)? = value.constant,
      !events.names.contains(where: { ExactText($0) == ExactText(name) })
    else { return }
    let known = events.names.sorted()
    // Swift's strings are equal where they look the same.
    let hint =
      known.contains(name)
      ? "the log has one that looks the same, of other characters: take it over from there"
      : NearestName.of(name, among: known).map { "did you mean '\($0)'?" }
    warn(
      "unseen-event", "no event named '\(name)' is in the log", at: written.range, label: "never seen",
      notes: known.count <= 20 ? ["the log has \(known.map { "'\($0)'" }.joined(separator: ", "))"] : [],
      hints: hint.map { [$0] } ?? [])
  }

  private mutating func isIn(
    _ operand: Expression, _ options: [Expression], isNegated: Bool, at range: SourceRange
  ) -> Checked? {
    let checked = check(compared: [operand] + options)
    let checkedOptions = zip(checked.dropFirst(), options.map(\.range)).map { ($0, $1) }
    guard let value = checked[0], checkedOptions.allSatisfy({ $0.0 != nil }) else { return nil }
    for (option, written) in zip(checkedOptions, options) {
      if let option = option.0 { warnOfUnseenEvent(value, written, option) }
    }
    var all = [(value, operand.range)]
    for case (let option?, let range) in checkedOptions {
      var option = option
      if option.type == .text, let type = value.type, [.date, .timestamp, .duration].contains(type) {
        guard let converted = argument(option, as: type, at: range) else { return nil }
        option = converted
      }
      all.append((option, range))
    }
    guard let (values, _) = unified(all, what: "a value and the values it is compared with") else {
      return nil
    }
    let constants = values.dropFirst().map(\.constant)
    var result: Checked?
    if constants.allSatisfy({ $0 != nil }) {
      let scalars = constants.compactMap { $0 }
      let kept = scalars.filter { $0 != .null }
      result = Checked(
        .isIn(values[0].expr, kept, orNull: kept.count < scalars.count), isColumn: values[0].isColumn)
    } else {
      for option in values.dropFirst() {
        guard let equal = call("=", [values[0], option], at: range) else { return nil }
        guard let sofar = result else {
          result = equal
          continue
        }
        result = call("or", [sofar, equal], at: range)
      }
    }
    guard let result else { return Checked(.literal(.boolean(isNegated), .boolean)) }
    return isNegated ? call("not", [result], at: range) : result
  }

  private mutating func conditional(
    _ operand: Expression?, _ branches: [Expression.Branch], _ otherwise: Expression?, at range: SourceRange
  ) -> Checked? {
    var conditions: [Checked?] = []
    for branch in branches {
      if let operand {
        conditions.append(apply("=", to: [operand, branch.condition], at: branch.condition.range))
      } else {
        conditions.append(condition(branch.condition))
      }
    }
    let values = branches.map { (check($0.value), $0.value.range) }
    let last: (Checked?, SourceRange)? = otherwise.map { (check($0), $0.range) }
    return choice(
      conditions, values + (last.map { [$0] } ?? []), hasOtherwise: last != nil, what: "the values of a case")
  }

  mutating func choice(
    _ conditions: [Checked?], _ values: [(Checked?, SourceRange)], hasOtherwise: Bool, what: String
  ) -> Checked? {
    var known: [(Checked, SourceRange)] = []
    for (value, range) in values {
      guard let value else { return nil }
      known.append((value, range))
    }
    guard conditions.allSatisfy({ $0 != nil }), let (unified, type) = unified(known, what: what)
    else { return nil }
    let branches = zip(conditions, unified).compactMap { condition, value in
      condition.map { Expr.Branch(condition: $0.expr, value: value.expr) }
    }
    return Checked(
      .conditional(branches, otherwise: hasOtherwise ? unified.last?.expr : nil, type),
      display: unified.map(\.display).first { $0 != .automatic } ?? .automatic,
      isColumn: unified.contains(where: \.isColumn) || conditions.contains { $0?.isColumn ?? false })
  }
}
