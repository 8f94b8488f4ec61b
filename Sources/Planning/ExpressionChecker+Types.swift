import Diagnostics
import Functions
import Syntax
import Values

extension ExpressionChecker {
  /// The expression as a value of a type, where it converts by itself.
  mutating func converted(_ checked: Checked, to type: ScalarType, at range: SourceRange) -> Checked? {
    guard let given = checked.type else {
      return Checked(.literal(.null, type), display: checked.display, isColumn: checked.isColumn)
    }
    if given == type { return checked }
    switch (given, type) {
    case (.integer, .double), (.date, .timestamp):
      return conversion(checked, to: type)
    case (.text, .timestamp), (.text, .date), (.text, .duration):
      guard case .text(let text)? = checked.constant else { return nil }
      guard let value = constantCast(.text(text), to: type) else { return nil }
      return Checked(.literal(value, type))
    default: return nil
    }
  }

  /// An argument as a value of the type that its parameter has, or a diagnostic.
  mutating func argument(_ checked: Checked, as type: ScalarType, at range: SourceRange) -> Checked? {
    let range = checked.range ?? range
    if let converted = converted(checked, to: type, at: range) { return converted }
    if !reportLiteral(checked, as: type, at: range) {
      report(
        "type-mismatch",
        "a value of type \(type.rawValue) is needed, not \(checked.type?.rawValue ?? "null")", at: range,
        label: "of type \(checked.type?.rawValue ?? "null")")
    }
    return nil
  }

  /// The arguments of a chosen overload, in the order of its parameters: as they were written, converted, or the
  /// parameters' own where they were left out.
  mutating func arguments(
    _ choice: Overloads.Choice, _ operands: [Checked], at range: SourceRange
  ) -> [Checked]? {
    var arguments: [Checked] = []
    for (slot, parameter) in zip(choice.arguments, choice.parameters) {
      guard let slot else {
        arguments.append(Checked(.literal(parameter.fallback ?? .null, parameter.type)))
        continue
      }
      guard let argument = argument(operands[slot], as: parameter.type, at: range) else { return nil }
      arguments.append(argument)
    }
    return arguments
  }

  /// Reports a written text that stands for a time or a duration and does not read as one; false when it is none.
  mutating func reportLiteral(_ checked: Checked, as type: ScalarType, at range: SourceRange) -> Bool {
    guard case .text(let text)? = checked.constant, [.date, .timestamp, .duration].contains(type) else {
      return false
    }
    let kind = "\(type.article) \(type.rawValue)"
    report(
      "bad-literal", "'\(text)' does not read as \(kind)", at: range, label: "not \(kind)",
      hints: [type.writtenAs])
    return true
  }

  func conversion(_ checked: Checked, to type: ScalarType) -> Checked? {
    if case .integer(let value)? = checked.constant, type == .double {
      return Checked(.literal(.double(Double(value)), .double), display: checked.display)
    }
    if let constant = checked.constant,
      let value = constant == .null ? .null : constantCast(constant, to: type)
    {
      return Checked(.literal(value, type), display: checked.display)
    }
    guard let function = Catalogue.scalar(type.rawValue),
      let overload = function.overloads.firstIndex(where: { $0.parameters.first?.type == checked.type })
    else { return nil }
    return Checked(
      .call(function.name, overload: overload, [checked.expr], type), display: checked.display,
      isColumn: checked.isColumn)
  }

  /// A constant text as a value of another type, or nothing when it does not read as one.
  func constantCast(_ scalar: Scalar, to type: ScalarType) -> Scalar? {
    guard let given = scalar.type, let function = Catalogue.scalar(type.rawValue),
      let overload = function.overloads.first(where: { $0.parameters.map(\.type) == [given] }),
      let column = try? overload.kernel(
        [Operand(constant: scalar, type: given)], 1, EvaluationContext(timeZone: environment.timeZone))
    else { return nil }
    return column[0]
  }

  mutating func typedText(_ type: Identifier, _ text: String, at range: SourceRange) -> Checked? {
    guard let target = scalarType(named: type) else { return nil }
    guard let value = constantCast(.text(text), to: target) else {
      _ = reportLiteral(Checked(.literal(.text(text), .text)), as: target, at: range)
      return nil
    }
    return Checked(.literal(value, target))
  }

  /// The type of a name; the names of SQL's own types are understood.
  mutating func scalarType(named name: Identifier) -> ScalarType? {
    if let type = ScalarType(named: name.name) { return type }
    report(
      "no-type", "no type named '\(name.name)'", at: name.range, label: "not a type",
      notes: ["the types are \(ScalarType.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", "))"],
      hints: NearestName.of(name.name, among: ScalarType.names.keys.sorted()).map {
        ["did you mean '\($0)'?"]
      } ?? [])
    return nil
  }

  mutating func cast(
    _ operand: Expression, to type: Identifier, isTry: Bool, at range: SourceRange
  ) -> Checked? {
    let target = scalarType(named: type)
    guard let checked = check(operand), let target else { return nil }
    guard let given = checked.type else { return Checked(.literal(.null, target)) }
    if given == target { return checked }
    let name = isTry ? "try_\(target.rawValue)" : target.rawValue
    guard let function = Catalogue.scalar(name),
      let overload = function.overloads.firstIndex(where: { $0.parameters.map(\.type) == [given] })
    else {
      report(
        "no-conversion", "no conversion from \(given.rawValue) to \(target.rawValue)", at: operand.range,
        label: "of type \(given.rawValue)", notes: conversions(from: given))
      return nil
    }
    return Checked(
      .call(function.name, overload: overload, [checked.expr], target), isColumn: checked.isColumn)
  }

  func conversions(from given: ScalarType) -> [String] {
    let targets = ScalarType.allCases.filter { target in
      Catalogue.scalar(target.rawValue)?.overloads.contains { $0.parameters.map(\.type) == [given] } ?? false
    }
    guard !targets.isEmpty else { return [] }
    return [
      "\(given.article) \(given.rawValue) converts to \(targets.map { "'\($0.rawValue)'" }.joined(separator: ", "))"
    ]
  }

  /// Values that have to be of one type, converted to it.
  mutating func unified(_ values: [(Checked, SourceRange)], what: String) -> ([Checked], ScalarType)? {
    var type: ScalarType?
    for (value, range) in values {
      guard let both = ScalarType.common(type, value.type) else {
        report(
          "type-mismatch",
          "\(what) are of one type, not \(type?.rawValue ?? "null") and \(value.type?.rawValue ?? "null")",
          at: range, label: "of type \(value.type?.rawValue ?? "null")")
        return nil
      }
      type = both
    }
    let target = type ?? .text
    var result: [Checked] = []
    for (value, range) in values {
      guard let value = converted(value, to: target, at: range) else { return nil }
      result.append(value)
    }
    return (result, target)
  }

}

extension ScalarType {
  /// The one type that values of both types convert to.
  static func common(_ a: ScalarType, _ b: ScalarType) -> ScalarType? {
    switch (a, b) {
    case (.integer, .double), (.double, .integer): .double
    case (.date, .timestamp), (.timestamp, .date): .timestamp
    default: a == b ? a : nil
    }
  }

  /// The same where a null without a type goes with every type; nothing in it when both are such.
  static func common(_ a: ScalarType?, _ b: ScalarType?) -> ScalarType?? {
    guard let a else { return .some(b) }
    guard let b else { return .some(a) }
    return common(a, b).map { .some($0) }
  }

  /// How a value of a type that is written as a text is written, as something to do.
  fileprivate var writtenAs: String {
    switch self {
    case .duration: "write a duration as \(example)"
    default: "write a \(self == .timestamp ? "time" : rawValue) as '\(example)'"
    }
  }
}
