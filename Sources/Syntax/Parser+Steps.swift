import Diagnostics

extension Parser {
  /// Reads `name`, or `import.name`.
  mutating func relationName() -> Query.RelationName? {
    if isSymbol("("), peek(1).isWord("from") || peek(1).isWord("select") {
      let opener = position
      position += 1
      _ = subquery()
      close(opener)
      return nil
    }
    if token.kind == .text, isNews() {
      report(
        "not-a-table", "a table is named, not given as a text", at: range(of: token), label: "a text",
        hints: ["write 'events', a dimension of the source, or the name of another query"])
      position += 1
      _ = isNews()
      return nil
    }
    guard let first = identifier("the name of a table") else { return nil }
    guard take(symbol: ".") else { return Query.RelationName(name: first) }
    guard let second = identifier("the name of a table") else { return nil }
    return Query.RelationName(alias: first, name: second)
  }

  /// Reads an expression, and `as name` if that follows.
  mutating func namedExpression() -> Query.NamedExpression {
    let expression = expression()
    if isSymbol(")") || isSymbol("]"), partners[position] == nil, peek(1).isWord("as") {
      // A bracket too many ends no item.
      leftover("'as' and a name")
      position += 1
    }
    return Query.NamedExpression(expression, as: take("as") ? identifier("a name") : nil)
  }

  /// Reads items to the end of the step or to one of its clauses.
  mutating func items<Item>(_ what: String, _ item: (inout Parser) -> Item?) -> [Item] {
    if isAtEnd || startsStep {
      expected(what)
    } else if startsClause {
      expected(what, hints: ["write it before '\(token.text)'", "a column of that name is `\(token.text)`"])
      skip { $0.startsStep }
    }
    return list(
      until: { $0.freeClause != nil || $0.startsStep },
      expecting: "an operator, ',', '|>' or the end of the query",
      item)
  }

  /// Reads `where condition`.
  mutating func whereStep() -> Query.Kind {
    position += 1
    let condition = expression()
    // A condition that does not go on with what stands behind it was not meant to end there.
    return .filter(isAtEnd || startsStep ? condition : Expression(.error, condition.range))
  }

  /// Reads `extend expression as name, …`.
  mutating func extendStep() -> Query.Kind {
    position += 1
    return .extend(items("an expression") { $0.namedExpression() })
  }

  /// Reads `select [distinct] *, expression as name, …`.
  mutating func selectStep() -> Query.Kind {
    position += 1
    let isDistinct = take("distinct")
    return .select(items("a column") { $0.selectItem() }, isDistinct: isDistinct)
  }

  private mutating func selectItem() -> Query.SelectItem? {
    guard isSymbol("*") else { return .expression(namedExpression()) }
    let start = position
    position += 1
    var left = [Identifier]()
    if take("except") { left = names(inBrackets: "the columns to leave out") }
    return .all(except: left, range(from: start))
  }

  /// Reads `(a, b)`.
  private mutating func names(inBrackets what: String) -> [Identifier] {
    let opener = position
    guard take(symbol: "(") else {
      expected("'(' and \(what)")
      return []
    }
    let names = list(in: opener, expecting: "',' or ')'") { $0.identifier("a name") }
    if names.isEmpty { expected("a name") }
    close(opener)
    return names
  }

  /// Reads `set column = expression, …`.
  mutating func setStep() -> Query.Kind {
    position += 1
    return .set(items("a column, '=' and its value") { $0.assignment() })
  }

  private mutating func assignment() -> Query.Assignment? {
    guard let name = identifier("a column") else { return nil }
    guard takeEquals() else { return nil }
    return Query.Assignment(name: name, value: expression())
  }

  /// Reads `=`, and what is written for it elsewhere.
  mutating func takeEquals() -> Bool {
    if take(symbol: "=") { return true }
    if isSymbol("=>") || isSymbol("==") || isSymbol(":=") {
      reportOperator("a value is given by '='", hint: "write '='")
      position += 1
      return true
    }
    expected("'=' and a value")
    return false
  }

  /// Reads `drop column, …`.
  mutating func dropStep() -> Query.Kind {
    position += 1
    return .drop(items("a column") { $0.identifier("a column") })
  }

  /// Reads `rename old as new, …`.
  mutating func renameStep() -> Query.Kind {
    position += 1
    return .rename(
      items("a column, 'as' and its new name") { parser in
        guard let old = parser.identifier("a column") else { return nil }
        guard parser.take("as") else {
          parser.expected("'as' and the new name", hints: ["write 'old as new'"])
          return nil
        }
        return parser.identifier("the new name").map { Query.Renaming(old: old, new: $0) }
      })
  }

  /// Reads `aggregate … group by …`, of which one half may be absent.
  mutating func aggregateStep() -> Query.Kind {
    position += 1
    let aggregates = startsClause ? [] : items("an aggregate") { $0.namedExpression() }
    var groups = [Query.NamedExpression]()
    readClauses { parser, _ in groups += parser.grouping() }
    return .aggregate(aggregates, by: groups)
  }

  /// Reads what stands behind `group by`.
  mutating func grouping() -> [Query.NamedExpression] {
    items("an expression to group by") { $0.namedExpression() }
  }

  /// Reads `order by expression [asc | desc] [nulls first | nulls last], …`.
  mutating func orderStep() -> Query.Kind {
    position += 2
    return .order(items("an expression to order by") { $0.sortKey() })
  }

  private mutating func sortKey() -> Query.SortKey? {
    let key = expression()
    let isDescending = take("desc")
    if !isDescending { _ = take("asc") }
    var nullsFirst: Bool?
    if take("nulls") {
      nullsFirst = take("first") ? true : take("last") ? false : nil
      if nullsFirst == nil { expected("'first' or 'last'") }
    }
    return Query.SortKey(key, isDescending: isDescending, nullsFirst: nullsFirst)
  }

  /// Reads `limit count [offset count]`.
  mutating func limitStep() -> Query.Kind {
    position += 1
    guard let count = wholeNumber("a whole number of rows", atLeast: 0) else { return .error }
    guard take(clause: "offset") else { return .limit(count, offset: 0) }
    return wholeNumber("a whole number of rows to leave out", atLeast: 0).map {
      .limit(count, offset: $0)
    }
      ?? .error
  }

  /// Reads `[kind] join table [as name] on condition`, or `using (column, …)`.
  mutating func joinStep() -> Query.Kind {
    let start = position
    let kind = Query.Join.Kind(rawValue: token.folded)
    if kind != nil {
      position += 1
      _ = take("outer")
    }
    guard take("join") else {
      expected("'join'")
      return .error
    }
    guard let relation = relationName() else {
      skip { $0.token.startsLine && $0.startsStep }
      return .error
    }
    let alias = joinAlias()
    let condition = joinCondition()
    if kind == .cross, condition != .none {
      report(
        "cross-join-condition", "a 'cross join' has no condition: it joins every row with every row",
        at: fragment.range(tokens[start].lower, tokens[start + 1].upper), label: "with a condition",
        hints: ["write 'join', or leave the condition out"])
    } else if kind != .cross, condition == .none {
      expected(
        "'on' and a condition, or 'using' and columns",
        hints: ["to join every row with every row write 'cross join'"])
      return .error
    }
    return .join(Query.Join(kind: kind ?? .inner, relation: relation, alias: alias, condition: condition))
  }

  private mutating func joinAlias() -> Identifier? {
    if take("as") { return identifier("a name") }
    guard token.isName, !startsStep, !clauses.isFirstWord(token) else { return nil }
    look(for: clauses.phrases)
    guard !isLikelyClause || peek(1).isWord("on") || peek(1).isWord("using") else { return nil }
    if isNews() {
      report(
        "syntax", "another name for a table follows 'as'", at: range(of: token),
        label: "expected 'as' before this",
        hints: ["write 'as \(token.text)'"])
    }
    return identifier("a name")
  }

  private mutating func joinCondition() -> Query.Join.Condition {
    if take("on") { return .on(expression()) }
    return take("using") ? .using(names(inBrackets: "columns")) : .none
  }

  /// Reads `union [all | distinct] table, …`; without a word, all rows are kept.
  mutating func unionStep() -> Query.Kind {
    position += 1
    let isDistinct = take("distinct")
    if !isDistinct, !peek(1).isSymbol("."), !peek(1).isSymbol(",") { _ = take("all") }
    let relations: [Query.RelationName] = items("the name of a table") { parser in
      let opener = parser.position
      guard parser.isSymbol("("), !parser.peek(1).isWord("from"), !parser.peek(1).isWord("select") else {
        return parser.relationName()
      }
      parser.position += 1
      let relation = parser.relationName()
      parser.close(opener)
      return relation
    }
    return .union(relations, isDistinct: isDistinct)
  }

  /// Reads `pivot (aggregate, … for column in (value, …))`.
  mutating func pivotStep() -> Query.Kind {
    position += 1
    let opener = position
    guard take(symbol: "(") else {
      expected("'('", hints: ["write 'pivot (sum(x) as total for column in ('a', 'b'))'"])
      return .error
    }
    let pivot = bracketed { $0.pivot(in: opener) }
    close(opener)
    return pivot.map { .pivot($0) } ?? .error
  }

  private mutating func pivot(in opener: Int) -> Query.Pivot? {
    let aggregates = list(in: opener, until: { $0.isWords("for") }, expecting: "',' or 'for'") {
      $0.namedExpression()
    }
    if aggregates.isEmpty { expected("an aggregate") }
    guard take("for") else {
      expected("'for', a column, 'in' and its values")
      return nil
    }
    guard let column = identifier("the column whose values become columns") else { return nil }
    guard take("in"), isSymbol("(") else {
      expected("'in' and the values in parentheses")
      return nil
    }
    let opener = position
    position += 1
    let values = list(in: opener, expecting: "',' or ')'") { parser in
      let first = parser.token
      let value = parser.namedExpression()
      return Query.NamedExpression(parser.textLikely(value.expression, startingWith: first), as: value.name)
    }
    if values.isEmpty { expected("a value") }
    close(opener)
    return Query.Pivot(aggregates: aggregates, column: column, values: values)
  }
}
