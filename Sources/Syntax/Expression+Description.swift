extension Expression: CustomStringConvertible {
  /// The expression in its canonical form: lower-case keywords, single blanks, only the parentheses it needs.
  /// Parsing it gives the same tree; what could not be parsed is `?`.
  public var description: String {
    switch kind {
    case .error: "?"
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .double(let value): "\(value)"
    case .percentage(let value): shiftedPoint(value, by: 2) + "%"
    case .text(let text): quoted(text)
    case .duration(let value): DurationUnit.written(value)
    case .typedText(let type, let text): "\(type.name.lowercased()) \(quoted(text))"
    case .name(let name): name.written
    case .member(let base, let name): "\(base.written(within: .postfix)).\(name.writtenAfterDot)"
    case .rows(let base, let condition): "\(base.written(within: .postfix))[\(condition)]"
    case .unary(.not, let operand): "not \(operand.written(within: .not))"
    case .unary(let sign, let operand): sign.rawValue + operand.written(within: .postfix)
    case .binary(let binary, _, let left, let right):
      left.written(within: binary.precedence == .comparison ? .concatenation : binary.precedence)
        + " \(binary.rawValue) " + right.written(within: binary.precedence.next)
    case .isNull(let operand, let isNegated):
      "\(operand.written(within: .concatenation)) is\(isNegated ? " not" : "") null"
    case .isIn(let operand, let items, let isNegated):
      "\(operand.written(within: .concatenation))\(isNegated ? " not" : "") in (\(items.written))"
    case .isBetween(let operand, let low, let high, let isNegated):
      "\(operand.written(within: .concatenation))\(isNegated ? " not" : "") between "
        + "\(low.written(within: .concatenation)) and \(high.written(within: .concatenation))"
    case .isLike(let operand, let pattern, let isNegated):
      "\(operand.written(within: .concatenation))\(isNegated ? " not" : "") like "
        + pattern.written(within: .concatenation)
    case .conditional(let operand, let branches, let otherwise):
      (["case"] + (operand.map { [$0.description] } ?? [])
        + branches.map { "when \($0.condition) then \($0.value)" }
        + (otherwise.map { ["else \($0)"] } ?? []) + ["end"]).joined(separator: " ")
    case .cast(let operand, let type, let isTry):
      "\(isTry ? "try_cast" : "cast")(\(operand) as \(type.written))"
    case .call(let call): call.description
    }
  }

  /// In parentheses, where the place asks for something that binds tighter.
  fileprivate func written(within place: Precedence) -> String {
    kind.precedence < place ? "(\(description))" : description
  }
}

extension Call: CustomStringConvertible {
  /// The call in its canonical form, as `Expression.description` has it.
  public var description: String {
    var text = function.name + "(" + (isStar ? "*" : isDistinct ? "distinct " : "")
    text += arguments.map(\.description).joined(separator: ", ") + ")"
    if let filter { text += " filter (where \(filter))" }
    guard let window else { return text }
    let bounds = (window.reach.map { [$0.description] } ?? []) + (window.isInclusive ? ["inclusive"] : [])
    let words = ([window.kind.rawValue] + bounds).joined(separator: " ")
    return text + (bounds.isEmpty ? " over \(words)" : " over (\(words))")
  }
}

extension Call.Argument: CustomStringConvertible {
  /// The argument in its canonical form, with its label.
  public var description: String { (label.map { "\($0.writtenAfterDot) => " } ?? "") + value.description }
}

extension [Expression] {
  fileprivate var written: String { map(\.description).joined(separator: ", ") }
}

extension Identifier {
  /// The name as a document may write it anywhere: in backticks where it is not a plain word.
  public var written: String { Keywords.reserved.contains(name.lowercased()) ? inBackticks : writtenAfterDot }

  /// The name where every word is a name: after a dot, and before `=>`.
  fileprivate var writtenAfterDot: String {
    let scalars = name.unicodeScalars
    let isPlain =
      scalars.first.map { $0 == "_" || $0.properties.isXIDStart } ?? false
      && scalars.allSatisfy { $0.properties.isXIDContinue }
    return isPlain ? name : inBackticks
  }

  private var inBackticks: String { "`\(doubled("`", in: name))`" }
}

private func quoted(_ text: String) -> String { "'\(doubled("'", in: text))'" }

private func doubled(_ quote: Unicode.Scalar, in text: String) -> String {
  var scalars = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if scalar == quote { scalars.append(scalar) }
    scalars.append(scalar)
  }
  return String(scalars)
}

/// The shortest decimal of a number with its point moved to the right, so 0.05 by two places is `5`, exactly.
private func shiftedPoint(_ value: Double, by places: Int) -> String {
  guard value.isFinite else { return "\(value)" }
  let parts = "\(value.magnitude)".split(separator: "e")
  let mantissa = parts[0].split(separator: ".")
  let fraction = mantissa.count > 1 && mantissa[1] != "0" ? String(mantissa[1]) : ""
  let exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + places - fraction.count
  var digits = String(mantissa[0]) + fraction
  digits = String(digits.drop { $0 == "0" })
  let sign = value.sign == .minus ? "-" : ""
  if digits.isEmpty { return sign + "0" }
  if exponent > 20 || exponent < -20 { return "\(sign)\(digits)e\(exponent)" }
  if exponent >= 0 { return sign + digits + String(repeating: "0", count: exponent) }
  if digits.count <= -exponent {
    digits = String(repeating: "0", count: 1 - exponent - digits.count) + digits
  }
  return "\(sign)\(digits.dropLast(-exponent)).\(digits.suffix(-exponent))"
}
