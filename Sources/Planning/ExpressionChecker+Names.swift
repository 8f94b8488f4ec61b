import Diagnostics
import Functions
import Syntax
import Values

extension ExpressionChecker {
  /// A name alone: a column where there are rows, otherwise a plain value of the document.
  mutating func column(named name: Identifier) -> Checked? {
    switch place {
    case .rows:
      if let choices = scope.ambiguous[name.name.lowercased()] {
        report(
          "ambiguous-column", "'\(name.name)' is a column of both tables", at: name.range,
          label: "which one?",
          hints: ["write \(choices.map { "'\($0)'" }.joined(separator: " or "))"])
        return nil
      }
      if let position = scope.schema.position(of: name.name) { return column(at: position) }
    case .groups:
      if let position = keys.firstIndex(where: { $0.field.name.lowercased() == name.name.lowercased() }) {
        return key(at: position)
      }
      if let position = scope.schema.position(of: name.name) {
        if let key = keys.firstIndex(where: { $0.expression == column(at: position).expr }) {
          return self.key(at: key)
        }
        report(
          "not-grouped", "'\(name.name)' is neither aggregated nor a group key", at: name.range,
          label: "many values in each group",
          hints: [
            "add it after 'group by', or say which value is wanted, for example 'max(\(name.name))'"
          ])
        return nil
      }
    case .document: return document(Expression(.name(name), name.range))
    }
    if environment.binding(name.name) != nil { return document(Expression(.name(name), name.range)) }
    reportUnknown(name)
    return nil
  }

  func column(at position: Int) -> Checked {
    let field = scope.schema[position]
    return Checked(.column(position, field.type), display: field.display)
  }

  func key(at position: Int) -> Checked {
    let field = keys[position].field
    return Checked(.column(position, field.type), display: field.display)
  }

  /// The group key that an expression among groups repeats: `lower(country)` after `group by lower(country)`.
  func key(writtenAs written: Expression) -> Checked? {
    switch written.kind {
    case .unary, .binary, .isNull, .isIn, .isBetween, .isLike, .conditional, .cast, .call: break
    default: return nil
    }
    guard place == .groups, !keys.isEmpty else { return nil }
    var rows = ExpressionChecker(environment, .rows, scope: scope)
    rows.windows = windows
    guard let checked = rows.check(written) else { return nil }
    return keys.firstIndex { $0.expression == checked.expr }.map { key(at: $0) }
  }

  private mutating func reportUnknown(_ name: Identifier) {
    let columns = scope.schema.map(\.name)
    let nearest = NearestName.of(name.name, among: columns + environment.bindingNames)
    var notes: [String] = []
    if !columns.isEmpty {
      let shown = columns.sorted().prefix(24).map { "'\($0)'" }.joined(separator: ", ")
      notes = ["the columns here are \(shown)\(columns.count > 24 ? ", …" : "")"]
    }
    var hints = nearest.map { ["did you mean '\($0)'?"] } ?? []
    hints += ExpressionChecker.hints(onUnknown: name, isNear: nearest != nil)
    report(
      "no-column", "no column named '\(name.name)'", at: name.range, label: "not among the columns here",
      notes: notes, hints: hints)
  }

  /// What else a name may have been meant as that is none: a text, a function, what another language has.
  static func hints(onUnknown name: Identifier, isNear: Bool) -> [String] {
    if name.quotes == .double { return [quotesHint(name.name)] }
    if let remedy = ForeignNames.remedy(for: name.name) { return [remedy] }
    let folded = name.name.lowercased()
    let isFunction = Catalogue.aggregate(folded) != nil || Catalogue.scalar(folded) != nil
    guard !isNear, isFunction || Catalogue.record(folded) != nil || Figures.isFigure(folded) else {
      return []
    }
    return ["a function is called with parentheses: '\(name.name)(…)'"]
  }

  /// Adds to what was said of an unknown name that it may be a text.
  mutating func suggestQuotes(for written: Expression, beside text: Checked) {
    guard case .name(let name) = written.kind, name.quotes != .double,
      let index = diagnostics.lastIndex(where: {
        $0.range == name.range && ["no-column", "no-name"].contains($0.id)
      })
    else { return }
    var meant = name.name
    if let events = scope.events, case .column(events.column, _) = text.expr, place == .rows,
      let event = NearestName.of(meant, among: events.names)
    {
      meant = event
    }
    diagnostics[index].hints.insert(Self.quotesHint(meant), at: 0)
    // What the names are is of no use to who has meant none.
    diagnostics[index].notes = []
  }

  /// That a text stands in single quotes, and how.
  static func quotesHint(_ text: String) -> String {
    "a text stands in single quotes: '\(text.replacing("'", with: "''"))'"
  }

  /// `base.member`: a column of a relation, or a value of the document.
  mutating func member(_ base: Expression, _ member: Identifier, at range: SourceRange) -> Checked? {
    if place != .document, case .name(let relation) = base.kind {
      let key = "\(relation.name).\(member.name)".lowercased()
      if let position = scope.qualified[key] {
        return place == .groups ? column(named: member) : column(at: position)
      }
      let prefix = relation.name.lowercased() + "."
      if scope.qualified.keys.contains(where: { $0.hasPrefix(prefix) }) {
        let columns = scope.qualified.keys.filter { $0.hasPrefix(prefix) }
          .map { String($0.dropFirst(prefix.count)) }.sorted()
        report(
          "no-column", "no column named '\(member.name)' in '\(relation.name)'", at: member.range,
          label: "not among its columns",
          notes: ["its columns are \(columns.map { "'\($0)'" }.joined(separator: ", "))"],
          hints: NearestName.of(member.name, among: columns).map { ["did you mean '\($0)'?"] } ?? [])
        return nil
      }
    }
    return document(Expression(.member(base, member), range))
  }

  mutating func rows(_ base: Expression, _ condition: Expression, at range: SourceRange) -> Checked? {
    document(Expression(.rows(base, condition), range))
  }

  /// A plain value or a column of the document, as part of the expression that is being checked: in the document a
  /// leaf, in a query the constant that it is.
  mutating func document(_ written: Expression) -> Checked? {
    var checker = TermChecker(environment)
    let checked = checker.term(written)
    diagnostics += checker.diagnostics
    guard let (term, type) = checked else { return nil }
    return embedded(term, type, at: written.range)
  }

  mutating func embedded(_ term: Term, _ type: ValueType, at range: SourceRange) -> Checked? {
    let leaf: Leaf
    switch type {
    case .scalar(let type, let display):
      guard let type else { return .null() }
      leaf = Leaf(term: term, type: type, display: display, isColumn: false)
    case .column(let type, let display):
      leaf = Leaf(term: term, type: type, display: display, isColumn: true)
    case .table(let schema, _):
      report(
        "not-plain", "a table is not a plain value", at: range, label: "a table",
        notes: ["its columns are \(schema.map { "'\($0.name)'" }.joined(separator: ", "))"],
        hints: ["take a column of it: '.\(schema.first?.name ?? "column")'"])
      return nil
    case .record(let fields):
      report(
        "not-plain", "a record is not a plain value", at: range, label: "a record",
        notes: ["its members are \(fields.map { "'\($0.name)'" }.joined(separator: ", "))"],
        hints: ["take a member of it: '.\(fields.first?.name ?? "member")'"])
      return nil
    case .figure:
      report("not-plain", "a figure is not a plain value", at: range, label: "a figure")
      return nil
    }
    guard place == .document else {
      do {
        return Checked(
          .literal(try environment.value(of: term) ?? .null, leaf.type), display: leaf.display)
      } catch {
        let error = error as? EvaluationError ?? EvaluationError("\(error)")
        report("no-single-value", error.message, at: range, label: "not one value", hints: error.hints)
        return nil
      }
    }
    let position = leaves.firstIndex(of: leaf) ?? leaves.count
    if position == leaves.count { leaves.append(leaf) }
    return Checked(.column(position, leaf.type), display: leaf.display, isColumn: leaf.isColumn)
  }
}
