import Diagnostics
import Functions
import Syntax
import Values

extension ExpressionChecker {
  // MARK: Functions of plain values

  /// Applies a function of the catalogue to written arguments.
  mutating func apply(_ name: String, to operands: [Expression], at range: SourceRange) -> Checked? {
    let checked = check(compared: operands)
    guard checked.allSatisfy({ $0 != nil }) else { return nil }
    return call(name, checked.compactMap { $0 }, at: range)
  }

  /// Applies an operator or a function of the catalogue to checked arguments without labels.
  mutating func call(
    _ name: String, _ operands: [Checked], at range: SourceRange, operatorRange: SourceRange? = nil
  ) -> Checked? {
    guard let function = Catalogue.scalar(name) else {
      preconditionFailure("the operator \(name) is not in the catalogue")
    }
    // A text stands for a time only beside one.
    let hasTime = operands.contains { [.date, .timestamp, .duration].contains($0.type) }
    let candidates = operands.map {
      Overloads.Candidate(
        label: nil, type: $0.type, literal: hasTime || $0.type != .text ? $0.constant : nil)
    }
    guard
      let choice = Overloads.choose(
        function.overloads.map { ($0.parameters, $0.isVariadic) }, for: candidates)
    else {
      let types = operands.map { $0.type?.rawValue ?? "null" }.joined(separator: " and ")
      report(
        "type-mismatch", "no '\(name.replacing("unary ", with: ""))' for \(types)",
        at: operatorRange ?? range, label: types, hints: conversionHints(name, operands))
      return nil
    }
    return built(function, choice, operands, at: range)
  }

  private func conversionHints(_ name: String, _ operands: [Checked]) -> [String] {
    if name == "||" { return ["make it a text: 'cast(… as text)'"] }
    let types = operands.map(\.type)
    let number = operands.first { $0.type == .integer || $0.type == .double }
    if let text = operands.first(where: { $0.type == .text }), let number {
      guard text.constant == nil else { return ["convert the text: 'cast(… as double)'"] }
      let isEquality = ["=", "<>", "is distinct from", "is not distinct from"].contains(name)
      let written = isEquality ? number.constant.map(ValueFormatter.machine) : nil
      return (written.map { ["a text stands in single quotes: '\($0)'"] } ?? [])
        + readingHints(text, as: .double)
    }
    let time = types.lazy.compactMap(\.self).first { [.timestamp, .date, .duration].contains($0) }
    guard let number, let time else { return [] }
    switch name {
    case "+", "-": return ["write a duration: \(days(number) ?? "14 days")"]
    case "=", "<>", "<", "<=", ">", ">=", "is distinct from", "is not distinct from":
      return [
        time == .duration ? "write a duration: \(days(number) ?? "14 days")" : "write a time: '2026-03-31'"
      ]
    default: return []
    }
  }

  /// What to do where texts are to be values of another type.
  private func readingHints(_ text: Checked, as type: ScalarType) -> [String] {
    guard place == .rows, case .column(let position, _) = text.expr, scope.schema.indices.contains(position)
    else { return ["read the texts as values: 'try_cast(… as \(type.rawValue))'"] }
    let name = scope.schema[position].name
    let written = Identifier(name, SourceRange(0, 0)).written
    return ["read its texts as values: 'try_cast(\(written) as \(type.rawValue))'"]
      + (scope.log == nil
        ? [] : ["or say it in throughline.yaml, of a column of files: 'types: {\(name): \(type.rawValue)}'"])
  }

  /// The same where a function takes none of some arguments, and would if texts were values of another type.
  private func readingHints(
    _ overloads: [(parameters: [Parameter], isVariadic: Bool)], _ candidates: [Overloads.Candidate],
    _ operands: [Checked]
  ) -> [String] {
    guard let text = operands.first(where: { $0.type == .text && $0.constant == nil }) else { return [] }
    let fitting = [ScalarType.double, .integer, .timestamp, .boolean].first { type in
      let read = candidates.map {
        $0.type == .text && $0.literal == nil
          ? Overloads.Candidate(label: $0.label, type: type, isConstant: $0.isConstant) : $0
      }
      return Overloads.choose(overloads, for: read) != nil
    }
    return fitting.map { readingHints(text, as: $0) } ?? []
  }

  /// A number that was written, as so many days.
  private func days(_ number: Checked) -> String? {
    guard case .integer(let count)? = number.constant, count > 0 else { return nil }
    return "\(count) \(count == 1 ? "day" : "days")"
  }

  private mutating func built(
    _ function: ScalarFunction, _ choice: Overloads.Choice, _ operands: [Checked], at range: SourceRange
  ) -> Checked? {
    let overload = function.overloads[choice.overload]
    guard let arguments = arguments(choice, operands, at: range)?.map(\.expr) else { return nil }
    return Checked(
      .call(function.name, overload: choice.overload, arguments, overload.result),
      display: display(of: function, operands), isColumn: operands.contains(where: \.isColumn))
  }

  /// How a result is shown: sums and differences like what they are made of, ratios and products as numbers.
  private func display(of function: ScalarFunction, _ operands: [Checked]) -> Display {
    switch function.name {
    case "+", "-", "%":
      let displays = operands.map(\.display).filter { $0 != .automatic }
      return displays.dropFirst().reduce(displays.first ?? .automatic) { $0.joined(with: $1) }
    case "*":
      let displays = operands.map(\.display).filter {
        if case .percent = $0 { false } else { $0 != .automatic }
      }
      return displays.count == 1 ? displays[0] : .automatic
    case "/":
      if case .money = operands[0].display, operands[1].display == .automatic { return operands[0].display }
      return .automatic
    default:
      switch function.display {
      case .automatic: return .automatic
      case .plain: return .plain
      case .argument(let position):
        return operands.indices.contains(position) ? operands[position].display : .automatic
      }
    }
  }

  // MARK: Calls

  mutating func call(_ call: Call, at range: SourceRange) -> Checked? {
    let name = call.function.name.lowercased()
    if Self.isDisplay(name, call) { return displayed(name, call, at: range) }
    switch name {
    case "if", "coalesce", "ifnull": return choice(name, call, at: range)
    default: break
    }
    if let aggregate = Catalogue.aggregate(name) { return self.aggregate(aggregate, call, at: range) }
    if let window = call.window {
      report(
        "not-an-aggregate", "'\(call.function.name)' is not an aggregate, and only those take a window",
        at: window.range, label: "a window of what?",
        hints: Catalogue.positional(name) == nil
          ? [] : ["leave the window out: '\(name)' looks at the entity's rows by itself"])
      return nil
    }
    if let filter = call.filter {
      report(
        "not-an-aggregate", "'\(call.function.name)' is not an aggregate, and only those take a filter",
        at: filter.range, label: "filters nothing")
      return nil
    }
    if let lookUp = Catalogue.positional(name) { return self.lookUp(lookUp, call, at: range) }
    guard let function = Catalogue.scalar(name) else {
      if Catalogue.record(name) != nil || Figures.isFigure(name) {
        return document(Expression(.call(call), range))
      }
      reportNoFunction(call.function)
      return nil
    }
    guard let operands = arguments(of: call) else { return nil }
    guard
      let choice = choose(
        function.overloads.map { ($0.parameters, $0.isVariadic) }, call, operands, named: function.name)
    else { return nil }
    return built(function, choice, operands, at: range)
  }

  mutating func arguments(of call: Call) -> [Checked]? {
    let checked = call.arguments.map { check($0.value) }
    return checked.contains { $0 == nil } ? nil : checked.compactMap { $0 }
  }

  /// The overload that fits, or a diagnostic that says what the function takes.
  mutating func choose(
    _ overloads: [(parameters: [Parameter], isVariadic: Bool)], _ call: Call, _ operands: [Checked],
    named name: String
  ) -> Overloads.Choice? {
    let candidates = zip(call.arguments, operands).map {
      Overloads.Candidate(
        label: $0.label?.name, type: $1.type, literal: $1.constant, isConstant: isConstant($1))
    }
    if let choice = Overloads.choose(overloads, for: candidates) { return choice }
    if let unmet = Overloads.choose(overloads, for: candidates, demands: .ignored) {
      reportDemand(overloads.map(\.parameters), unmet, call, candidates, named: name)
      return nil
    }
    let known = Set(overloads.flatMap { $0.parameters.map(\.name) })
    for case let label? in call.arguments.map(\.label) where !known.contains(label.name.lowercased()) {
      let names = known.sorted()
      report(
        "no-parameter", "'\(name)' has no parameter '\(label.name)'", at: label.range,
        label: "not a parameter",
        notes: [
          names.isEmpty
            ? "it takes no arguments" : "it takes \(names.map { "'\($0)'" }.joined(separator: ", "))"
        ],
        hints: NearestName.of(label.name, among: names).map { ["did you mean '\($0)'?"] } ?? [])
      return nil
    }
    let signatures = Array(
      Set(overloads.map { Signature.text(name, $0.parameters, isVariadic: $0.isVariadic) })
    ).sorted()
    let types = operands.map { $0.type?.rawValue ?? "null" }.joined(separator: ", ")
    report(
      "no-overload", operands.isEmpty ? "'\(name)' takes arguments" : "'\(name)' does not take (\(types))",
      at: call.function.range,
      label: operands.isEmpty ? "without arguments" : "with \(types)",
      notes: [
        "it takes \(signatures.prefix(6).joined(separator: ", or "))\(signatures.count > 6 ? ", …" : "")"
      ], hints: readingHints(overloads, candidates, operands))
    return nil
  }

  /// Whether an expression is one value for all rows.
  private func isConstant(_ checked: Checked) -> Bool {
    place == .document ? !checked.isColumn : checked.expr.columns.isEmpty
  }

  /// The first argument that is of the right type and not what the function demands of it.
  private mutating func reportDemand(
    _ overloads: [[Parameter]], _ choice: Overloads.Choice, _ call: Call, _ candidates: [Overloads.Candidate],
    named name: String
  ) {
    for (slot, parameter) in zip(choice.arguments, choice.parameters) {
      guard let slot, !candidates[slot].meets(parameter.demand) else { continue }
      let range = call.arguments[slot].value.range
      guard case .word = parameter.demand else {
        report(
          "not-constant", "the \(parameter.name) of '\(name)' is one value for all rows", at: range,
          label: "differs from row to row")
        return
      }
      var words: [String] = []
      for case .word(let more) in overloads.flatMap({ $0.filter { $0.name == parameter.name } }).map(\.demand)
      {
        words += more.filter { !words.contains($0) }
      }
      guard case .text(let word)? = candidates[slot].literal else {
        report(
          "not-constant", "the \(parameter.name) of '\(name)' is written in place", at: range,
          label: "computed",
          notes: ["it is one of \(words.map { "'\($0)'" }.joined(separator: ", "))"])
        return
      }
      report(
        "no-word", "'\(name)' has no \(parameter.name) '\(word)' here", at: range, label: "not one of them",
        notes: ["it is one of \(words.map { "'\($0)'" }.joined(separator: ", "))"],
        hints: NearestName.of(word, among: words).map { ["did you mean '\($0)'?"] } ?? [])
      return
    }
  }

  private mutating func reportNoFunction(_ name: Identifier) {
    let names =
      Catalogue.scalars.map(\.name).filter { $0.first?.isLetter ?? false }
      + Catalogue.aggregates.map(\.name) + Catalogue.positionals.map(\.name) + Catalogue.records.map(\.name)
      + Figures.names + ["percent", "money"]
    var hints = ["'throughline functions' lists what there is"]
    if let remedy = ForeignNames.remedy(for: name.name) {
      hints = [remedy]
    } else if let nearest = NearestName.of(name.name, among: names) {
      hints = ["did you mean '\(nearest)'?"]
    }
    report(
      "no-function", "no function named '\(name.name)'", at: name.range, label: "not a function", hints: hints
    )
  }

  /// `if`, `coalesce` and `ifnull`, which compute only what is needed.
  mutating func choice(_ name: String, _ call: Call, at range: SourceRange) -> Checked? {
    if name == "if" {
      guard call.arguments.count == 2 || call.arguments.count == 3 else {
        report(
          "no-overload", "'if' takes a condition and one or two values", at: call.function.range,
          label: "with \(call.arguments.count) argument\(call.arguments.count == 1 ? "" : "s")",
          hints: ["write 'if(condition, value, other value)'"])
        return nil
      }
      let test = condition(call.arguments[0].value)
      let values = call.arguments.dropFirst().map { (check($0.value), $0.value.range) }
      return choice([test], values, hasOtherwise: values.count == 2, what: "the values of 'if'")
    }
    guard !call.arguments.isEmpty else {
      report(
        "no-overload", "'\(name)' takes at least one value", at: call.function.range,
        label: "without a value",
        hints: ["write '\(name)(x, …)'"])
      return nil
    }
    var values: [(Checked, SourceRange)] = []
    for argument in call.arguments {
      if let value = check(argument.value) { values.append((value, argument.value.range)) }
    }
    guard values.count == call.arguments.count,
      let (unified, type) = unified(values, what: "the values of '\(name)'")
    else { return nil }
    return Checked(
      .coalesce(unified.map(\.expr), type),
      display: unified.map(\.display).first { $0 != .automatic } ?? .automatic,
      isColumn: unified.contains(where: \.isColumn))
  }
}
