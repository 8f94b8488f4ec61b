import Diagnostics
import Functions
import Syntax
import Values

/// Checks expressions of the document itself: of any kind of value, over the document's names.
public struct TermChecker {
  let environment: any Environment
  /// What was found so far, in the order of the text.
  public internal(set) var diagnostics: [Diagnostic] = []

  /// Checks over the names that an environment knows.
  public init(_ environment: any Environment) { self.environment = environment }

  mutating func report(
    _ id: String, _ message: String, at range: SourceRange, label: String, notes: [String] = [],
    hints: [String] = []
  ) {
    diagnostics.append(
      Diagnostic(id: id, message, at: range, label: label, notes: notes, hints: hints))
  }

  /// An expression of any kind, or nothing when it has a mistake.
  public mutating func term(_ written: Expression) -> (Term, ValueType)? {
    switch written.kind {
    case .error: return nil
    case .name(let name): return named(name)
    case .member(let base, let member): return self.member(base, member)
    case .rows(let base, let condition): return rows(base, condition)
    case .call(let call):
      let name = call.function.name.lowercased()
      if let function = Catalogue.record(name) { return record(function, call, at: written.range) }
      if Figures.isFigure(name) { return figure(written).map { (.figure($0), .figure) } }
      return plain(written)
    case .binary(.add, _, _, _) where isFigure(written):
      return figure(written).map { (.figure($0), .figure) }
    default: return plain(written)
    }
  }

  /// A condition of the document, for expectations and decisions.
  public mutating func condition(_ written: Expression) -> Term? {
    var checker = ExpressionChecker(environment, .document)
    let checked = checker.condition(written)
    diagnostics += checker.diagnostics
    return checked.map { .expression($0.expr, checker.leaves.map(\.term), .automatic) }
  }

  /// An expression that has a plain value or a column of them.
  mutating func plain(_ written: Expression) -> (Term, ValueType)? {
    var checker = ExpressionChecker(environment, .document)
    let checked = checker.check(written)
    diagnostics += checker.diagnostics
    guard let checked else { return nil }
    let leaves = checker.leaves.map(\.term)
    let term = Term.expression(checked.expr, leaves, checked.display)
    if checked.isColumn { return (term, .column(checked.type ?? .text, checked.display)) }
    return (term, .scalar(checked.type, checked.display))
  }

  private mutating func named(_ written: Identifier) -> (Term, ValueType)? {
    let name = written.name
    if let binding = environment.binding(name) { return binding.type.map { (.name(name), $0) } }
    let known = environment.bindingNames.sorted()
    let nearest = NearestName.of(name, among: known)
    var hints = nearest.map { ["did you mean '\($0)'?"] } ?? []
    if known.contains(where: { $0.hasPrefix(name + ".") }) {
      hints = ["'\(name)' is an imported document: take a name of it, '\(name).…'"]
    } else {
      hints += ExpressionChecker.hints(onUnknown: written, isNear: nearest != nil)
    }
    let notes =
      known.isEmpty || known.count > 24 || !hints.isEmpty
      ? [] : ["the names here are \(known.map { "'\($0)'" }.joined(separator: ", "))"]
    report(
      "no-name", "no name '\(name)' in this document", at: written.range, label: "not bound", notes: notes,
      hints: hints)
    return nil
  }

  private mutating func member(_ base: Expression, _ member: Identifier) -> (Term, ValueType)? {
    if case .name(let alias) = base.kind, environment.binding(alias.name) == nil {
      let prefix = alias.name + "."
      if environment.bindingNames.contains(where: { $0.hasPrefix(prefix) }) {
        return named(Identifier(prefix + member.name, member.range))
      }
    }
    guard let (term, type) = term(base) else { return nil }
    switch type {
    case .table(let schema, _):
      if let position = schema.position(of: member.name) {
        return (.column(term, position), .column(schema[position].type, schema[position].display))
      }
      reportNoMember(member, "column", schema.map(\.name))
    case .record(let fields):
      if let position = fields.position(of: member.name) {
        return (.member(term, position), .scalar(fields[position].type, fields[position].display))
      }
      reportNoMember(member, "member", fields.map(\.name))
    case .scalar, .column, .figure:
      report(
        "no-member", "\(type.noun) has no members", at: member.range, label: "a member of \(type.noun)")
    }
    return nil
  }

  private mutating func reportNoMember(_ member: Identifier, _ noun: String, _ known: [String]) {
    report(
      "no-\(noun)", "no \(noun) named '\(member.name)'", at: member.range, label: "not among the \(noun)s",
      notes: ["the \(noun)s are \(known.map { "'\($0)'" }.joined(separator: ", "))"],
      hints: NearestName.of(member.name, among: known).map { ["did you mean '\($0)'?"] } ?? [])
  }

  private mutating func rows(_ base: Expression, _ condition: Expression) -> (Term, ValueType)? {
    guard let (table, type) = term(base) else { return nil }
    guard case .table(let schema, let kind) = type else {
      report(
        "not-a-table", "rows can be chosen of a table, not of \(type.noun)", at: base.range, label: type.noun)
      return nil
    }
    var checker = ExpressionChecker(environment, .rows, scope: Scope(schema))
    let checked = checker.condition(condition)
    diagnostics += checker.diagnostics
    return checked.map { (.rows(table, $0.expr), .table(schema, kind)) }
  }

  private mutating func record(
    _ function: RecordFunction, _ call: Call, at range: SourceRange
  ) -> (Term, ValueType)? {
    var checker = ExpressionChecker(environment, .document)
    defer { diagnostics += checker.diagnostics }
    guard let operands = checker.arguments(of: call),
      let choice = checker.choose([(function.parameters, false)], call, operands, named: function.name),
      let arguments = checker.arguments(choice, operands, at: range)
    else { return nil }
    let leaves = checker.leaves.map(\.term)
    let terms = arguments.map { Term.expression($0.expr, $0.constant == nil ? leaves : [], $0.display) }
    return (.record(function.name, terms), .record(function.result))
  }
}
